TITLE Squid giant axon: the equations of Hodgkin and Huxley, with rest at -65 mV

COMMENT
J. Physiol. 117 (1952) 500-544, eqs. 12, 13, 20, 21, 23, 24, 26. The example configs/nmodl_channel.yaml uses it in
place of the built-in hh.
ENDCOMMENT

NEURON {
    SUFFIX hh_text
    NONSPECIFIC_CURRENT ina, ik, il
    RANGE gnabar, gkbar, gl, ena, ek, el
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gnabar = 0.12 (S/cm2)
    gkbar = 0.036 (S/cm2)
    gl = 0.0003 (S/cm2)
    ena = 50 (mV)
    ek = -77 (mV)
    el = -54.3 (mV)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ina (mA/cm2)
    ik (mA/cm2)
    il (mA/cm2)
    alpha_m (/ms)
    beta_m (/ms)
    alpha_h (/ms)
    beta_h (/ms)
    alpha_n (/ms)
    beta_n (/ms)
}

STATE { m h n }

INITIAL {
    rates(v)
    m = alpha_m/(alpha_m + beta_m)
    h = alpha_h/(alpha_h + beta_h)
    n = alpha_n/(alpha_n + beta_n)
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ina = gnabar*m^3*h*(v - ena)
    ik = gkbar*n^4*(v - ek)
    il = gl*(v - el)
}

DERIVATIVE states {
    rates(v)
    m' = alpha_m*(1 - m) - beta_m*m
    h' = alpha_h*(1 - h) - beta_h*h
    n' = alpha_n*(1 - n) - beta_n*n
}

PROCEDURE rates(v (mV)) {
    LOCAL speed
    speed = 3^((celsius - 6.3 (degC))/10 (degC))
    alpha_m = speed*1 (/ms)*linear_over_exp((v + 40 (mV))/10 (mV))
    beta_m = speed*4 (/ms)*exp(-(v + 65 (mV))/18 (mV))
    alpha_h = speed*0.07 (/ms)*exp(-(v + 65 (mV))/20 (mV))
    beta_h = speed*1 (/ms)/(exp(-(v + 35 (mV))/10 (mV)) + 1)
    alpha_n = speed*0.1 (/ms)*linear_over_exp((v + 55 (mV))/10 (mV))
    beta_n = speed*0.125 (/ms)*exp(-(v + 65 (mV))/80 (mV))
}

: x/(1 - exp(-x)), by its series where that is 0/0
FUNCTION linear_over_exp(x) {
    if (fabs(x) < 1e-6) {
        linear_over_exp = 1 + x/2
    } else {
        linear_over_exp = x/(1 - exp(-x))
    }
}
