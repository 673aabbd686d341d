COMMENT latin-1: ต้
ENDCOMMENT
INCLUDE "half"
INCLUDE "a/self"
INITIAL{ m = -2^2 ^ - 1 * (3 + 4)/5 - 6 }