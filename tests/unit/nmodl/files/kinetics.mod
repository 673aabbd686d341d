NEURON { SUFFIX pump USEION ca READ cao, cai, ica WRITE cai, ica VALENCE 2 REPRESENTS CHEBI:29108 }
UNITS { (molar) = (1/liter) (mM) = (millimolar) (um) = (micron) }
DEFINE SHELLS 4
PARAMETER { D = 0.6 (um2/ms) kf = 1 (/mM-ms) kb = 2 (/ms) }
ASSIGNED { diam (um) cai (mM) cao (mM) ica (mA/cm2) vol[SHELLS] (um2) }
STATE { ca[SHELLS] (mM) <1e-7> buf (mM) cabuf (mM) x y }
INITIAL { SOLVE scheme STEADYSTATE sparse SOLVE lin SOLVE nonlin METHOD newton IFERROR { x = 0 } }
BREAKPOINT { SOLVE scheme METHOD sparse SOLVE step ica = f_flux - b_flux }
KINETIC scheme SOLVEFOR ca, buf {
    COMPARTMENT i, vol[i] { ca }
    COMPARTMENT 1.5 { buf cabuf }
    LONGITUDINAL_DIFFUSION i, D*vol[i] { ca }
    LONGITUDINAL_DIFFUSION D { buf }
    ~ ca[0] + 2 buf <-> cabuf (kf, kb)
    ~ ca[1] << (-ica*diam/2)
    ~ x -> (kb)
    ~ x + 1 y -> buf (kb)
    CONSERVE buf + 2 cabuf = 1
    cai = ca[0]
}
LINEAR lin { ~ 2*x + y = 3 ~ x - y = 0 }
NONLINEAR nonlin { ~ x^2 = y ~+ x = y }
DISCRETE step { x = x + 1 }
