TITLE A synapse with everything that events can do
NEURON {
    POINT_PROCESS Syn
    RANGE tau, e, i, w0
    NONSPECIFIC_CURRENT i
    POINTER vpre
    BBCOREPOINTER stream
    RANDOM noise
    EXTERNAL total
}
DEFINE N 3
PARAMETER { tau = 5 (ms) <1e-9,1e9> e = 0 (mV) w0[N] (uS) }
ASSIGNED { v (mV) i (nA) on vpre (mV) stream last[3] (ms) }
STATE { g (uS) a[N] }
CONSTRUCTOR { LOCAL k k = 1 }
DESTRUCTOR { on = 0 }
INITIAL { g = 0 net_send(0, 1) FROM j = 0 TO N-1 { a[j] = 0 } }
BREAKPOINT { SOLVE decay METHOD derivimplicit i = g*(v - e) CONDUCTANCE g }
DERIVATIVE decay { g' = -g/tau FROM j = 0 TO N-1 BY 2 { a'[j] = -a[j]/tau } }
BEFORE BREAKPOINT { on = on }
AFTER SOLVE { on = 1 }
BEFORE STEP { MUTEXLOCK on = 2 MUTEXUNLOCK }
AFTER INITIAL { PROTECT total = total + 1 }
NET_RECEIVE (w (uS), u, tlast (ms)) {
    INITIAL { u = 1 tlast = t }
    if (flag == 1) {
        WATCH (v > -20) 2, (v < -40 (mV)) 3
    } ELSE IF (flag == 2) {
        net_event(t)
        net_move(t + 1)
    } else {
        FOR_NETCONS (w2, u2, t2 (ms)) { u2 = u2/2 }
        state_discontinuity(g, g + w*u)
        printf("g is %g\n", g)
    }
    WHILE (u > 2) { u = u - 1 { LOCAL u2 u2 = u u = u2/2 } }
    VERBATIM
    /* nothing */ // either
    #include <math.h>
    return;
    ENDVERBATIM
}
PROCEDURE real() {
    VERBATIM
    _lu = 3.0;
    ENDVERBATIM
}
