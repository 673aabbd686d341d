"""What NMODL files are there, of which kind, and which constructs they use: read off the text, not parsed."""
import hashlib
import pathlib
import re

# Construct -> what betrays it in a file without comments.
CONSTRUCTS = {
    "SOLVE ... METHOD cnexp": r"METHOD\s+cnexp",
    "SOLVE ... METHOD derivimplicit": r"METHOD\s+derivimplicit",
    "SOLVE ... METHOD euler, runge": r"METHOD\s+(euler|runge)",
    "SOLVE without METHOD": r"SOLVE\s+\w+\s*($|\}|\n(?!\s*METHOD))",
    "KINETIC": r"\bKINETIC\b",
    "CONSERVE": r"\bCONSERVE\b",
    "COMPARTMENT": r"\bCOMPARTMENT\b",
    "LONGITUDINAL_DIFFUSION": r"\bLONGITUDINAL_DIFFUSION\b",
    "LINEAR, NONLINEAR": r"\b(NON)?LINEAR\s+\w+\s*\{",
    "PROCEDURE": r"\bPROCEDURE\b",
    "FUNCTION": r"\bFUNCTION\s",
    "TABLE": r"\bTABLE\b",
    "FUNCTION_TABLE": r"\bFUNCTION_TABLE\b",
    "INCLUDE": r"\bINCLUDE\b",
    "CONSTANT": r"\bCONSTANT\b",
    "USEION ... WRITE of a concentration": r"WRITE[^\n]*\b\w+[io]\b",
    "NONSPECIFIC_CURRENT": r"\bNONSPECIFIC_CURRENT\b",
    "ELECTRODE_CURRENT": r"\bELECTRODE_CURRENT\b",
    "NET_RECEIVE": r"\bNET_RECEIVE\b",
    "net_send, WATCH": r"\b(net_send|WATCH)\b",
    "FROM ... TO loop": r"\bFROM\s+\w+\s*=",
    "WHILE loop": r"\bWHILE\b",
    "arrays of states": r"STATE\s*\{[^}]*\[",
    "reads dt": r"\bdt\b",
    "celsius": r"\bcelsius\b",
    "ghk, nernst": r"\b(ghk|nernst)\s*\(",
    "VERBATIM": r"\bVERBATIM\b",
    "POINTER, BBCOREPOINTER": r"\b(BBCORE)?POINTER\b",
    "random numbers": r"\b(scop_random|exprand|normrand|poisrand|RANDOM)\b",
    "BEFORE, AFTER": r"\b(BEFORE|AFTER)\s+\w+\s*\{",
}
KINDS = ("density channel", "pool", "other density mechanism", "synapse", "other point process", "artificial cell")


def without_comments(text):
    text = re.sub(r"\bCOMMENT\b.*?\bENDCOMMENT\b", " ", text, flags=re.DOTALL)
    return re.sub(r"[:?].*$", "", text, flags=re.MULTILINE)


class ModFile:
    def __init__(self, path, repository):
        self.path, self.repository = path, repository
        self.text = path.read_text(encoding="latin-1")
        self.code = without_comments(self.text)

    @property
    def kind(self):
        if "ARTIFICIAL_CELL" in self.code:
            return "artificial cell"
        if "POINT_PROCESS" in self.code:
            return "synapse" if "NET_RECEIVE" in self.code else "other point process"
        if re.search(r"NONSPECIFIC_CURRENT|ELECTRODE_CURRENT|WRITE[^\n]*\bi\w+", self.code):
            return "density channel"
        return "pool" if re.search(r"\bWRITE\b", self.code) else "other density mechanism"

    @property
    def suffix(self):
        found = re.search(r"\bSUFFIX\s+(\w+)", self.code)
        return found[1] if found else None

    def constructs(self):
        return [name for name, pattern in CONSTRUCTS.items() if re.search(pattern, self.code)]

    def ionic_currents(self):
        return sorted({word for line in re.findall(r"USEION[^\n]*WRITE([^\n]*)", self.code)
                       for word in re.findall(r"\bi[a-z]\w*", line.split("VALENCE")[0])})

    def nonspecific_currents(self):
        return sorted({word for line in re.findall(r"NONSPECIFIC_CURRENT([^\n}]*)", self.code)
                       for word in re.findall(r"\w+", line)})

    def silent_conductances(self):
        """Parameters that are a conductance or permeability of 0, with their unit: the channel shows nothing then."""
        return re.findall(r"\b(\w+)\s*=\s*0*\.?0*\s*\(\s*((?:S|mho|siemens|mS|pS|umho|cm)/[\w/]+)\s*\)", self.code)


def find_files(folder):
    """All .mod files below a folder, without those that say the same; the first folder names the repository."""
    folder = pathlib.Path(folder)
    seen, files = set(), []
    for path in sorted(folder.rglob("*.mod")):
        file = ModFile(path, path.relative_to(folder).parts[0])
        key = hashlib.sha256(re.sub(r"\s+", "", file.code).encode()).digest()
        if key not in seen and re.search(r"\b(SUFFIX|POINT_PROCESS|ARTIFICIAL_CELL)\b", file.code):
            seen.add(key)
            files.append(file)
    return files
