TITLE A potassium channel of the delayed kind
COMMENT
Rates after a fit that does not exist: this file is for tests of the parser.
ENDCOMMENT
: written for tests
NEURON {
    THREADSAFE ? a comment of the other kind
    SUFFIX kd
    USEION k READ ek WRITE ik VALENCE 1
    NONSPECIFIC_CURRENT il
    RANGE gbar, g, ninf, ntau
    GLOBAL q10
}
UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
    FARADAY = (faraday) (coulomb)
    R = (k-mole) (joule/degC)
    PI = (pi) (1)
    HALF = 0.5 (1)
    mV2V = (mV) -> (V)
}
INDEPENDENT { t FROM 0 TO 1 WITH 1 (ms) }
PARAMETER {
    gbar = 0.036 (S/cm2) <0, 1e9>
    vhalf = -35. (mV)
    q10 = 3
    tmin = .05 (ms) <1e-9,1e9>
    celsius (degC)
}
CONSTANT { t0 = 22 (degC) }
ASSIGNED { v (mV) ek (mV) ik (mA/cm2) il (mA/cm2) g (S/cm2) ninf (1) ntau (ms) tadj }
STATE { n FROM 0 TO 1 START 0.3 (1) <1e-3> }
LOCAL scratch, table[3]
BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar*n^4
    ik = g*(v - ek)
    il = 1e-5 (S/cm2) * (v + 65 (mV)) * (1e-3)
}
INITIAL {
    rates(v)
    n = ninf
}
DERIVATIVE states {
    rates(v)
    n' = (ninf - n)/ntau
}
UNITSOFF
FUNCTION trap(x, k) {
    if (fabs(x/k) < 1e-6) {
        trap = k*(1 - x/k/2)
    } else if (x == 0 && k != 0 || !x) {
        trap = -k
    } else {
        trap = x/(exp(x/k) - 1)
    }
}
PROCEDURE rates(v (mV)) {
    LOCAL a, b
    TABLE ninf, ntau DEPEND celsius FROM -100 TO 100 WITH 200
    tadj = q10^((celsius - t0)/10)
    a = 0.01*trap(-(v - vhalf), 10)
    b = 0.125*exp(-(v + 45)/80)
    ninf = a/(a + b)
    ntau = 1/(tadj*(a + b))
    if (ntau < tmin) { ntau = tmin }
    VERBATIM
    return 0;
    ENDVERBATIM
}
UNITSON
FUNCTION_TABLE alpha(v (mV)) (/ms)
