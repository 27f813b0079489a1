"""`start.py export`: a virtual patient's study as files. Runs in the environment that start.py has made."""

import argparse
import sys


def _numbers(kind):
    def parse(text):
        return [kind(part) for part in text.split(",")]

    parse.__name__ = "list of numbers"  # argparse names it when it refuses
    return parse


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="start.py export",
        description="Writes the study of a virtual patient (every visit) as DICOM, or as NIfTI, into a new folder.",
    )
    parser.add_argument("what", metavar="CASE_OR_CODE", help="a case (casesdata/cases) or a scenario code from a page")
    parser.add_argument("folder", metavar="FOLDER", help="a new or empty folder")
    parser.add_argument("--nifti", action="store_true", help="write NIfTI instead of DICOM; needs no further package")
    parser.add_argument("--delays", type=_numbers(float), default=[], metavar="S,S", help="scan delays in s: 35,70")
    parser.add_argument("--visits", type=_numbers(int), default=[], metavar="N,N", help="visits, 0 is the first scan")
    parser.add_argument("--matrix", type=int, default=512, metavar="N", help="pixels along a side (default: 512)")
    return parser


def main(arguments: list[str]) -> int:
    """Export as the arguments say; 0 if all is written, 1 with one sentence if not."""
    options = _parser().parse_args(arguments)
    # Imported here: `--help` and a misspelt option answer at once.
    from liverlab import evidence
    from liverlab.imaging.export import dicom, nifti
    from liverlab.lessons.study import study_of

    try:
        scenario = _scenario(options.what, evidence)
        study = study_of(scenario, options.delays, options.visits, options.matrix)
        written = (nifti if options.nifti else dicom).write(study, options.folder, print)
    except (ValueError, ImportError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The folder {options.folder} cannot be written to: {error.strerror or error}.", file=sys.stderr)
        return 1
    print(f"{len(written)} files in {options.folder}. Simulation for teaching, not for clinical use.")
    return 0


def _scenario(text, evidence):
    ev = evidence.load()
    if text in ev.cases:
        return evidence.Scenario(text)
    try:
        return evidence.Scenario.from_code(text, ev)
    except ValueError as error:
        cases = ", ".join(ev.cases)
        raise ValueError(f"{text!r} is none of the cases ({cases}), and as a scenario code: {error}") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
