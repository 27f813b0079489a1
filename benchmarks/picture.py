"""How long the picture takes: prints a table and writes benchmarks/results/picture.json."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

RESULT = Path(__file__).parent / "results" / "picture.json"
# A fresh interpreter: what is imported, solved and painted before the first picture. numpy's own import is shown apart.
COLD = """
import time
t0 = time.perf_counter()
import numpy
t1 = time.perf_counter()
from types import SimpleNamespace
from liverlab.imaging import anatomy, ct
a = anatomy.default()
protocol = SimpleNamespace(kvp=120.0, dose_pct=100.0, slice_mm=3.0, weight_kg=70.0, noise_hu=12.0,
    kernel_sharpness_pct=0.0)
hu = {name: 50.0 for name in ct.TISSUES}
ct.render(a, hu, ct.NO_LESIONS, 33, protocol, 256)
t2, kept = time.perf_counter(), a._cache.nbytes
a.prepare(34, 256)
t3 = time.perf_counter()
a.prepare(33, 512)
t4 = time.perf_counter()
print(1e3 * (t1 - t0), 1e3 * (t2 - t1), 1e3 * (t3 - t2), 1e3 * (t4 - t3), kept / 1e6)
"""


def milliseconds(work, repeats):
    """Median and least time of a piece of work (ms)."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times), min(times)


def cold(repeats=5):
    """(median, least) of the five figures COLD prints, each run in a fresh interpreter."""
    command = [sys.executable, "-c", COLD]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(repeats)]
    columns = zip(*([float(v) for v in run.split()] for run in runs), strict=True)
    return [(statistics.median(column), min(column)) for column in columns]


def energy_maps(repeats=15):
    """(median, least) of a calcium map from two held 512 slices, and of both slices and the map (ms)."""
    from liverlab.imaging import ct, energy_scene
    from liverlab.imaging.protocol import REFERENCE
    from liverlab.imaging.scene import Scene

    hu = {name: 50.0 for name in ct.TISSUES}
    scans = [Scene(hu, ct.NO_LESIONS, replace(REFERENCE, kvp=kvp)) for kvp in (80.0, 140.0)]
    pair = energy_scene.TwoScans.of(*scans)
    chart = energy_scene.EnergyMap("calcium", pair, 45.0)
    chart.render(33, 512)
    alone = milliseconds(lambda: chart.render(33, 512), repeats)

    def from_nothing():
        pair._pictures.clear()
        chart.render(33, 512)

    return alone, milliseconds(from_nothing, repeats)


def modalities(repeats=9):
    """(median, least) of all pictures of the overview's matrix, for a patient whose lesions have just changed (ms)."""
    from liverlab import evidence
    from liverlab.lessons.liver_metastases import elsewhere, simulate

    scenario, sizes = evidence.Scenario("from_colorectal"), iter(range(20, 60))
    keys = [key for row in elsewhere.ROWS.values() for key in row]

    def draw():
        patient = simulate(scenario.with_changes(lesion_diameter_mm=next(sizes)))
        for key in keys:
            elsewhere.thumbnail(elsewhere.Elsewhere(patient, key), 23)

    draw()
    return milliseconds(draw, repeats)


def main():
    from liverlab.imaging import anatomy, ct, placement, surfaces
    from liverlab.imaging.lesions import PATTERNS
    from liverlab.imaging.liver_state import Shape

    numpy_ms, first_ms, next_ms, fine_ms, megabytes = cold()
    a = anatomy.default()
    protocol = SimpleNamespace(
        kvp=120.0, dose_pct=100.0, slice_mm=3.0, weight_kg=70.0, noise_hu=12.0, kernel_sharpness_pct=0.0
    )
    hu = {name: 50.0 for name in ct.TISSUES}
    lesions = ct.LesionState(
        ("T1", "T2", "N1", "N2"),
        [[-100, -34, 3], [-74, -6, 2], [-20, -73, 4], [-68, -64, 8]],
        [[20] * 3, [14] * 3, [13] * 3, [12] * 3], 60.0, inner_hu=30.0, inner_fraction=0.6,
    )  # fmt: skip
    rows = {}
    for matrix, repeats in ((256, 60), (512, 30)):
        ct.render(a, hu, lesions, 33, protocol, matrix)
        rows[matrix] = milliseconds(lambda m=matrix: ct.render(a, hu, lesions, 33, protocol, m), repeats)
    many = milliseconds(lambda: placement.place_lesions(a, 40, 12.0, 1), 20)
    crowd = placement.place_lesions(a, 40, 12.0, 1, avoid_vessels=False, allow_overlap=True).centre_mm
    crowd[:, 2] = 3.0 + crowd[:, 2] / 30  # all of them on one slice
    crowd = crowd[[bool(a.liver_field(*point) < 0) for point in crowd]]
    plain = ct.LesionState(range(len(crowd)), crowd, crowd * 0 + 6.0, 60.0, inner_hu=30.0, inner_fraction=0.6)
    full = replace(plain, centre_hu=50.0, centre_fraction=0.3, inner_roughness=0.2, calcium_hu=500.0,
                   calcium_share=0.03, calcium_pattern=tuple(PATTERNS[k % 6] for k in range(len(crowd))))  # fmt: skip
    loaded = [milliseconds(lambda s=state: ct.render(a, hu, s, 33, protocol, 256), 20) for state in (plain, full)]
    diffuse = {**hu, "liver_mosaic_hu": 12.0, "periportal_hu": -40.0}
    ct.render(a, diffuse, lesions, 33, protocol, 256)
    patterns = milliseconds(lambda: ct.render(a, diffuse, lesions, 33, protocol, 256), 40)
    ct.render_volume(a, hu, lesions, protocol, 256)
    volume = milliseconds(lambda: ct.render_volume(a, hu, lesions, protocol, 256), 5)
    held = a._cache.nbytes / 1e6
    pair = anatomy.Anatomy()
    stacks = [ct.render_volume(pair, hu, lesions, protocol, 256, shape=s) for s in (Shape(), Shape(nodularity_mm=1.0))]
    both = (pair._cache.nbytes + pair._fields.nbytes + sum(stack.nbytes for stack in stacks)) / 1e6
    space = milliseconds(lambda: surfaces.build(a, lesions), 3)
    spots = ((-135, -50, 3), (-60, -125, 10), (-100, 20, -10))
    shapes = {
        "nodules": lambda k: Shape(nodularity_mm=0.5 + 0.01 * k),
        "nodules, dimples, volume, lobes": lambda k: Shape(
            1700.0 - k, 0.5 + 0.01 * k, 12.0, 2.0, 4.0, tuple((spot, 3 + 0.05 * k, 11.0) for spot in spots)
        ),
        "the same with spleen and ascites": lambda k: Shape(
            1700.0 - k, 0.5 + 0.01 * k, 12.0, 2.0, 4.0, spleen_ml=400.0 + k, ascites_ml=400.0 + 2 * k
        ),
    }
    changed = []
    for name, shape in shapes.items():
        for matrix, repeats, first, bar in ((256, 40, 0, 12.0), (512, 10, 50, 40.0)):
            steps = iter(range(first, first + repeats + 1))
            ct.render(a, hu, lesions, 33, protocol, matrix, shape=shape(next(steps)))
            took = milliseconds(lambda m=matrix, s=shape, k=steps: ct.render(a, hu, lesions, 33, protocol, m,
                                                                             shape=s(next(k))), repeats)  # fmt: skip
            changed.append((f"one {matrix} slice, new shape: {name} (ms)", took, bar))
    map_alone, map_whole = energy_maps()
    table = [
        ("import of imaging and first 256 slice, numpy already there (ms)", first_ms, 300.0),
        ("  numpy itself (ms)", numpy_ms, None),
        ("a further 256 slice, built (ms)", next_ms, 150.0),
        ("a first 512 slice, built (ms)", fine_ms, None),
        ("matrix of 18 pictures, every modality and phase (ms)", modalities(), 300.0),
        ("one 256 slice with 4 lesions, warm (ms)", rows[256], 5.0),
        ("one 512 slice with 4 lesions, warm (ms)", rows[512], 20.0),
        (f"one 256 slice through {len(crowd)} lesions, warm (ms)", loaded[0], 15.0),
        ("  the same with three compartments and calcium (ms)", loaded[1], None),
        ("one 256 slice with 4 lesions, mosaic and periportal oedema (ms)", patterns, 7.0),
        ("40 lesions placed (ms)", many, 50.0),
        ("one 512 calcium map from two energies, slices there (ms)", map_alone, 20.0),
        ("  the same with both slices (ms)", map_whole, None),
        *changed,
        ("256 x 256 x 64 volume, warm (ms)", volume, 200.0),
        ("liver, lesions and vessels as surfaces (ms)", space, 1000.0),
        ("one 256 slice kept (MB)", megabytes, 1.5),
        ("one prior and one current volume with all that is kept for them (MB)", (both, both), 80.0),
        ("all that is kept (MB)", (held, held), anatomy.CACHE_BYTES / 1e6),
    ]
    print(f"{'what':66s} {'median':>8s} {'least':>8s} {'bar':>7s}")
    for what, (median, least), bar in table:
        verdict = "" if bar is None else ("  ok" if median <= bar else "  over")
        print(f"{what:66s} {median:8.2f} {least:8.2f} {'' if bar is None else f'{bar:7.1f}':>7s}{verdict}")
    RESULT.parent.mkdir(exist_ok=True)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    report = {
        "python": platform.python_version(),
        "machine": platform.platform(),
        "load": load,
        "rows": [{"what": w.strip(), "median": m, "least": n, "bar": bar} for w, (m, n), bar in table],
    }
    RESULT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"load {load} -> {RESULT}")


if __name__ == "__main__":
    main()
