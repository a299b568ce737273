#!/usr/bin/env python3
"""Draws the fictional Заволоцкая область, once; the result is kept as assets/region.geojson.

    pip install numpy==2.2.6 scipy==1.15.3
    assets/recipes/region.py assets/region.geojson

A land mask of layered noise is divided among seed towns by travel cost over noisy ground, so that borders
wander as real ones do; a river is the cheapest way down a noisy slope and is dear to cross, so that borders
follow it here and there. Borders are traced as arcs between junctions, and each arc is smoothed and
simplified once for both its neighbours: no crack and no overlap is possible. The same seed gives the same
bytes.
"""
import heapq
import json
import math
import sys

import numpy as np
from scipy.ndimage import binary_erosion, gaussian_filter, label

SEED = 20
N = 420                      # cells a side
KM_PER_CELL = 0.62
LON0, LAT0 = 41.6, 57.4      # the south-west corner

# name, kind, population, x, y (0..1, y up), towns beside the centre
TOWNS = [
    ("Заволоцк", "город", 612_400, 0.50, 0.50),
    ("Новосельск", "город", 148_900, 0.66, 0.40),
    ("Тихореченск", "город", 121_300, 0.34, 0.60),
    ("Каменогорье", "город", 104_700, 0.62, 0.68),
    ("Ключевск", "город", 87_200, 0.40, 0.33),
    ("Берёзовец", "округ", 74_600, 0.25, 0.45),
    ("Усть-Велега", "округ", 69_100, 0.53, 0.16),
    ("Малиновец", "округ", 61_800, 0.78, 0.56),
    ("Красноярово", "округ", 55_300, 0.47, 0.80),
    ("Липовец", "округ", 48_900, 0.58, 0.55),
    ("Дубравинск", "округ", 46_200, 0.43, 0.55),
    ("Журавлёво", "округ", 41_500, 0.50, 0.38),
    ("Ольшанск", "округ", 38_400, 0.81, 0.37),
    ("Чернолесье", "округ", 35_700, 0.30, 0.76),
    ("Озерищи", "округ", 33_900, 0.62, 0.84),
    ("Вязовец", "округ", 31_200, 0.26, 0.29),
    ("Ясногорье", "округ", 29_800, 0.75, 0.74),
    ("Мостовое", "округ", 28_300, 0.55, 0.28),
    ("Старое Устье", "округ", 26_100, 0.39, 0.18),
    ("Троицкий Посад", "округ", 24_900, 0.37, 0.46),
    ("Рябинки", "округ", 22_700, 0.70, 0.25),
    ("Сосновый Яр", "округ", 21_400, 0.14, 0.57),
    ("Никольское", "округ", 19_600, 0.88, 0.66),
    ("Песчаное", "округ", 18_200, 0.19, 0.70),
    ("Лесная Слобода", "округ", 16_900, 0.38, 0.90),
    ("Глинищи", "округ", 15_800, 0.12, 0.38),
    ("Подгорное", "округ", 14_300, 0.90, 0.49),
    ("Щеглово", "округ", 13_100, 0.54, 0.93),
    ("Ёлкино", "округ", 11_700, 0.29, 0.14),
    ("Верхнее Поле", "округ", 9_400, 0.84, 0.20),
]
VILLAGES = (
    "Ивановка Заречье Покровское Высокое Берёзки Новинки Слободка Горки Луговое Ольховка Пруды Поляны "
    "Раздолье Борки Осиновка Выселки Лужки Малая_Речка Боровики Дальнее Крутой_Лог Отрадное Светлое Родники "
    "Заозерье Кленовое Ветлуга_Малая Мирное Липки Верхние_Дворы Сельцо Тихое Прилуки Займище Кулики Зарница"
).split()


def cell(x, y):
    return int(y * N), int(x * N)


def noise(rng, scale):
    field = gaussian_filter(rng.standard_normal((N, N)), scale, mode="wrap")
    return field / field.std()


def main():
    rng = np.random.default_rng(SEED)
    ys, xs = np.mgrid[0:N, 0:N] / N
    warp = 0.035 * noise(rng, 34), 0.035 * noise(rng, 34)
    fine = [sum(a * noise(rng, w) for a, w in ((0.014, 13), (0.008, 6), (0.0042, 2.5))) for _ in range(2)]
    u, v = xs + warp[0] + fine[0] - 0.468, ys + warp[1] + fine[1] - 0.52
    angle = np.arctan2(v, u)
    radius = 0.378 + 0.045 * np.cos(2 * angle - 0.6) + 0.035 * np.cos(3 * angle + 0.9) + 0.02 * np.cos(5 * angle)
    mask = np.hypot(u, v) < radius
    parts, _ = label(mask)
    mask = parts == parts[N // 2, N // 2]
    holes, count = label(~mask)
    for k in range(1, count + 1):
        if k != holes[0, 0]:
            mask |= holes == k

    # A town that fell outside moves toward the capital until it stands well within.
    inland = binary_erosion(mask, iterations=11)
    for k, (name, kind, population, x, y) in enumerate(TOWNS):
        while not inland[cell(x, y)]:
            x, y = x + (0.5 - x) * 0.03, y + (0.5 - y) * 0.03
        TOWNS[k] = (name, kind, population, x, y)

    ground = 1.0 + 0.42 * np.clip(noise(rng, 7), -1.6, 1.6) + 0.3 * np.clip(noise(rng, 3), -1.6, 1.6)
    ground = np.clip(ground, 0.12, None)

    def path(cost, start, goal):
        dist = np.full((N, N), np.inf)
        came = {}
        dist[start] = 0
        queue = [(0.0, start)]
        while queue:
            d, at = heapq.heappop(queue)
            if at == goal:
                break
            if d > dist[at]:
                continue
            for dy in (-1, 0, 1):
                for dx in (-1, 0, 1):
                    to = (at[0] + dy, at[1] + dx)
                    if (dy or dx) and 0 <= to[0] < N and 0 <= to[1] < N:
                        nd = d + math.hypot(dx, dy) * cost[to]
                        if nd < dist[to]:
                            dist[to] = nd
                            came[to] = at
                            heapq.heappush(queue, (nd, to))
        way = [goal]
        while way[-1] != start:
            way.append(came[way[-1]])
        return way[::-1]

    bends = np.clip(1.0 + 0.5 * noise(rng, 9) + 0.3 * noise(rng, 4), 0.3, None)
    stops = [(0.43, 0.99), (0.52, 0.70), (0.485, 0.52), (0.535, 0.37), (0.53, 0.17), (0.56, 0.01)]
    river_cells = []
    for a, b in zip(stops, stops[1:]):
        river_cells += path(bends, cell(*a), cell(*b))[:-1]
    mouth = river_cells[len(river_cells) // 2 + 12]
    tributary = path(bends, cell(0.02, 0.47), mouth)
    meander = 2.6 * noise(rng, 5), 2.6 * noise(rng, 5)
    river_cells = [at for at in river_cells if mask[at]]
    tributary = [at for at in tributary if mask[at]]
    cost = ground.copy()
    for y, x in river_cells + tributary:
        cost[max(y - 1, 0):y + 2, max(x - 1, 0):x + 2] += 5.0

    # Municipalities: multi-source Dijkstra over the noisy ground; larger towns reach farther.
    owner = np.full((N, N), -1)
    dist = np.full((N, N), np.inf)
    queue = []
    for k, (_, _, population, x, y) in enumerate(TOWNS):
        at = cell(x, y)
        assert mask[at], TOWNS[k][0]
        reach = 0.62 if k == 0 else 1.0
        dist[at] = 0
        queue.append((0.0, at, k, reach + (0.25 if TOWNS[k][1] == "город" and k else 0)))
    heapq.heapify(queue)
    while queue:
        d, at, k, slow = heapq.heappop(queue)
        if owner[at] != -1:
            continue
        owner[at] = k
        for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            to = (at[0] + dy, at[1] + dx)
            if 0 <= to[0] < N and 0 <= to[1] < N and mask[to] and owner[to] == -1:
                nd = d + slow * cost[to]
                if nd < dist[to]:
                    dist[to] = nd
                    heapq.heappush(queue, (nd, to, k, slow))
    # Odd cells cut off by diagonals join the majority around them.
    for _ in range(3):
        for k in range(len(TOWNS)):
            parts, count = label(owner == k)
            if count > 1:
                keep = parts[cell(TOWNS[k][3], TOWNS[k][4])]
                for y, x in zip(*np.nonzero((parts > 0) & (parts != keep))):
                    near = [owner[y + a, x + b] for a, b in ((0, 1), (1, 0), (0, -1), (-1, 0))]
                    near = [n for n in near if n not in (-1, k)]
                    if near:
                        owner[y, x] = max(set(near), key=near.count)

    # Edges of cells between different owners, joined into arcs between junctions.
    padded = np.full((N + 2, N + 2), -1)
    padded[1:-1, 1:-1] = owner
    edges = {}
    for y in range(N + 1):
        for x in range(N + 1):
            if padded[y, x + 1] != padded[y + 1, x + 1]:
                edges.setdefault((x, y), {})[(x + 1, y)] = (padded[y, x + 1], padded[y + 1, x + 1])
                edges.setdefault((x + 1, y), {})[(x, y)] = (padded[y + 1, x + 1], padded[y, x + 1])
            if padded[y + 1, x] != padded[y + 1, x + 1]:
                edges.setdefault((x, y), {})[(x, y + 1)] = (padded[y + 1, x + 1], padded[y + 1, x])
                edges.setdefault((x, y + 1), {})[(x, y)] = (padded[y + 1, x], padded[y + 1, x + 1])
    pair = lambda a, b: frozenset(edges[a][b])
    junction = {p for p, ends in edges.items() if len({pair(p, q) for q in ends}) > 1 or len(ends) != 2}
    arcs, used = [], set()

    def walk(a, b):
        line = [a, b]
        used.update(((a, b), (b, a)))
        while line[-1] not in junction and line[-1] != line[0]:
            here = line[-1]
            nxt = [q for q in edges[here] if q != line[-2]]
            line.append(nxt[0])
            used.update(((here, nxt[0]), (nxt[0], here)))
        return line

    for p in sorted(junction):
        for q in sorted(edges[p]):
            if (p, q) not in used:
                arcs.append((walk(p, q), edges[p][q]))
    for p in sorted(edges):
        for q in sorted(edges[p]):
            if (p, q) not in used:
                arcs.append((walk(p, q), edges[p][q]))

    def smooth(line, width):
        pts = np.array(line, float)
        closed = line[0] == line[-1]
        if len(pts) < 4:
            return pts
        for _ in range(width):
            inner = (pts[:-2] + 2 * pts[1:-1] + pts[2:]) / 4
            if closed:
                end = (pts[-2] + 2 * pts[0] + pts[1]) / 4
                pts = np.vstack([end, inner, end])
            else:
                pts = np.vstack([pts[0], inner, pts[-1]])
        return pts

    def simplify(pts, tolerance):
        if len(pts) < 3:
            return pts
        a, b = pts[0], pts[-1]
        if np.allclose(a, b):
            far = int(np.argmax(np.hypot(*(pts - a).T)))
            return np.vstack([simplify(pts[:far + 1], tolerance)[:-1], simplify(pts[far:], tolerance)])
        n = b - a
        off = np.abs(n[0] * (pts[:, 1] - a[1]) - n[1] * (pts[:, 0] - a[0])) / np.hypot(*n)
        far = int(np.argmax(off))
        if off[far] < tolerance:
            return np.vstack([a, b])
        return np.vstack([simplify(pts[:far + 1], tolerance)[:-1], simplify(pts[far:], tolerance)])

    lat_km = 111.2
    lon_km = lat_km * math.cos(math.radians(LAT0 + N * KM_PER_CELL / lat_km / 2))

    def lonlat(p):
        return [round(LON0 + p[0] * KM_PER_CELL / lon_km, 5), round(LAT0 + p[1] * KM_PER_CELL / lat_km, 5)]

    drawn = [([lonlat(p) for p in simplify(smooth(line, 2), 0.13)], sides) for line, sides in arcs]

    def rings(k):
        mine = []
        for line, (left, right) in drawn:
            if left == k and right != k:
                mine.append(line)
            elif right == k and left != k:
                mine.append(line[::-1])
        out = []
        while mine:
            ring = mine.pop(0)
            while ring[0] != ring[-1]:
                for i, line in enumerate(mine):
                    if line[0] == ring[-1]:
                        ring = ring + mine.pop(i)[1:]
                        break
                else:
                    raise SystemExit(f"open ring of {k}")
            out.append(ring)
        return sorted(out, key=len, reverse=True)

    def area(ring):
        return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2

    features = []
    for k, (name, kind, population, x, y) in enumerate(TOWNS):
        shells = rings(k)
        outer = max(shells, key=lambda r: abs(area(r)))
        if area(outer) < 0:
            shells = [r[::-1] for r in shells]
            outer = max(shells, key=lambda r: abs(area(r)))
        holes = [r for r in shells if r is not outer]
        features.append({
            "type": "Feature",
            "properties": {"layer": "municipality", "name": name, "kind": kind, "population": population,
                           "centre": lonlat((x * N, y * N))},
            "geometry": {"type": "Polygon", "coordinates": [outer, *holes]},
        })

    def line_feature(layer, name, cells, width, wander):
        # A path over a grid runs in eight directions; a field that both ends of a confluence share bends it.
        field = meander if layer == "river" else (0.3 * meander[0], 0.3 * meander[1])
        pts = smooth([(x + 0.5 + field[0][y, x], y + 0.5 + field[1][y, x]) for y, x in cells], wander)
        features.append({
            "type": "Feature",
            "properties": {"layer": layer, "name": name, "rank": width},
            "geometry": {"type": "LineString", "coordinates": [lonlat(p) for p in simplify(pts, 0.16)]},
        })

    line_feature("river", "Велега", river_cells, 1, 5)
    line_feature("river", "Сойма", tributary, 2, 5)

    # Roads: every town to its nearest larger one, over ground that avoids the river.
    road_cost = 0.6 + 0.4 * ground
    for y, x in river_cells:
        road_cost[y, x] += 3.0
    for k in range(1, len(TOWNS)):
        x, y = TOWNS[k][3:5]
        larger = min(range(k), key=lambda j: math.hypot(x - TOWNS[j][3], y - TOWNS[j][4]) * (0.75 if j == 0 else 1))
        way = path(road_cost, cell(x, y), cell(*TOWNS[larger][3:5]))
        line_feature("road", f"{TOWNS[k][0]} – {TOWNS[larger][0]}", way, 1 if k < 9 else 2, 8)
        for at in way:
            road_cost[at] = 0.25
    exits = ((0.02, 0.62), (0.99, 0.60), (0.62, 0.99), (0.70, 0.02))
    for x, y in exits:
        way = [at for at in path(road_cost, cell(x, y), cell(0.5, 0.5)) if mask[at]]
        line_feature("road", "к границе области", way, 1, 8)

    for k, (name, kind, population, x, y) in enumerate(TOWNS):
        features.append({"type": "Feature", "properties": {"layer": "town", "name": name, "population": population,
                         "municipality": name}, "geometry": {"type": "Point", "coordinates": lonlat((x * N, y * N))}})
    names = iter(VILLAGES * 3)
    for k, (name, *_ ) in enumerate(TOWNS):
        cells = np.argwhere(owner == k)
        centre = np.array(cell(TOWNS[k][3], TOWNS[k][4]))
        far = cells[np.hypot(*(cells - centre).T) > 9]
        picks = far[rng.choice(len(far), size=min(3, len(far)), replace=False)] if len(far) else []
        for y, x in picks:
            features.append({"type": "Feature", "properties": {"layer": "town", "name": next(names).replace("_", " "),
                             "population": int(rng.integers(6, 60)) * 100, "municipality": name},
                             "geometry": {"type": "Point", "coordinates": lonlat((x + 0.5, y + 0.5))}})
    collection = {"type": "FeatureCollection", "features": features}
    with open(sys.argv[1], "w") as out:
        out.write('{"type":"FeatureCollection","features":[\n')
        out.write(",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in collection["features"]))
        out.write("\n]}\n")


main()
