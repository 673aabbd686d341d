NEURON {
  SUFIX k
  RANGE a b
}
PARAMETER {
  a = 3 (mV
  b = 2*3 (mV)
}
BREAKPOINT {
  SOVLE states METHOD cnexp
  if (a = 4) { y = 3 }
  ik = g * (v - ek);
}
a = 5
PROCEDURE rates(v (mV)) {
  if (v < 3) {
    x = 2(v + 3)
PROCEDURE other() {
  LAG x BY y
  x += 1
}
}
