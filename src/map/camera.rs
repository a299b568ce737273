//! Camera of a map: it flies to its target along a smooth path from where it looked before.
//!
//! A flight is a function of its start and the current moment: two walls with the same moves show the same frame, and
//! any moment can be replayed.

use serde::{Deserialize, Serialize};

use super::{Lens, Place, Target};
use crate::clock::{Moment, ease_in_out_cubic};
use crate::geometry::{WallRect, WorldRect};
use crate::language::Sentence;

/// A flight to a place, as it was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CameraMove {
    /// Where to.
    pub to: Place,
    /// When it began, in milliseconds since 1970.
    pub began_millis: i64,
    /// Duration in seconds; none to derive it from the path's length.
    pub secs: Option<f64>,
}

/// Longest flight whose duration is derived from its path, in seconds.
pub const LONGEST_SECS: f64 = 5.0;
/// Longest duration that may be requested, in seconds.
pub const MAX_SECS: f64 = 60.0;
/// Camera moves that are kept while they interrupt one another; older ones are dropped.
pub const MAX_MOVES: usize = 8;
const SHORTEST_SECS: f64 = 0.8;
/// Seconds for each unit of a way's length.
const SECS_A_UNIT: f64 = 0.9;
/// How far a path zooms out to show both ends: the ρ that the subjects of van Wijk and Nuij preferred.
const RHO: f64 = std::f64::consts::SQRT_2;

/// The longest that a flight can take, on whatever map.
pub fn longest_millis(leg: &CameraMove) -> i64 {
    (leg.secs.unwrap_or(LONGEST_SECS).clamp(0.0, MAX_SECS) * 1000.0) as i64
}

/// The stops of a map that looks round by itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tour {
    /// What it looks at, in this order, again and again.
    pub stops: Vec<Target>,
    /// How long it rests at each.
    #[serde(default = "Tour::default_hold")]
    pub hold_secs: f64,
    /// How long it flies from one to the next.
    #[serde(default = "Tour::default_flight")]
    pub flight_secs: f64,
}

impl Tour {
    fn default_hold() -> f64 {
        8.0
    }

    fn default_flight() -> f64 {
        3.0
    }

    /// Whether it can be flown.
    ///
    /// # Errors
    /// A sentence that says what to write.
    pub fn validate(&self) -> Result<(), Sentence> {
        if self.stops.is_empty() {
            return Err(crate::sentence!("panel-tour-stops"));
        }
        let well = |secs: f64, least: f64| (least..=3600.0).contains(&secs);
        if !well(self.hold_secs, 1.0) || !well(self.flight_secs, 0.5) {
            return Err(crate::sentence!("panel-tour-secs"));
        }
        Ok(())
    }

    /// The stops before and after `now`, when the flight between them began, and how long it takes.
    fn at(&self, now: Moment) -> (&Target, &Target, Moment, f64) {
        let millis = |secs: f64| (secs * 1000.0) as i64;
        let (flight, stop) = (millis(self.flight_secs), millis(self.hold_secs + self.flight_secs).max(1));
        let index = now.0.div_euclid(stop);
        let count = self.stops.len() as i64;
        let of = |index: i64| &self.stops[index.rem_euclid(count) as usize];
        (of(index - 1), of(index), Moment(index * stop), flight as f64 / 1000.0)
    }
}

/// A map's own target or tour, and the moves requested since.
#[derive(Debug, Clone, Copy)]
pub struct CameraInputs<'a> {
    /// Where the layout looks.
    pub look: &'a Target,
    /// Or the tour that it makes.
    pub tour: Option<&'a Tour>,
    /// What came from outside, the oldest first.
    pub moves: &'a [CameraMove],
}

/// Where a map looks at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CameraPose {
    /// Through this lens.
    pub lens: Lens,
    /// Whether it moves.
    pub moving: bool,
    /// When it begins to move by itself, if it will.
    pub next: Option<Moment>,
}

impl CameraInputs<'_> {
    /// The pose at `now` of a map in `area`; `place` says what a target means now, and `bounds` what lies there.
    pub fn pose(
        &self,
        area: WallRect,
        now: Moment,
        place: impl Fn(&Target) -> Place,
        bounds: impl Fn(&Place) -> WorldRect,
    ) -> CameraPose {
        let lens = |place: &Place| Lens::fit(bounds(place), area);
        let home = |now: Moment| self.home(area, now, &|target| lens(&place(target)));
        after(self.moves, area, now, &home, &lens)
    }

    fn home(&self, area: WallRect, now: Moment, lens: &impl Fn(&Target) -> Lens) -> CameraPose {
        let Some(tour) = self.tour else { return CameraPose { lens: lens(self.look), moving: false, next: None } };
        let (from, to, began, secs) = tour.at(now);
        let end = began.plus_millis(((tour.hold_secs + tour.flight_secs) * 1000.0) as i64);
        let flown = Flight::new(lens(from), lens(to), area).at(now, began, Some(secs));
        CameraPose { next: [flown.next, Some(end)].into_iter().flatten().min(), ..flown }
    }
}

/// The pose at `now` after `moves`; `home` is where the map is at a moment if none was asked for.
fn after(
    moves: &[CameraMove],
    area: WallRect,
    now: Moment,
    home: &impl Fn(Moment) -> CameraPose,
    lens: &impl Fn(&Place) -> Lens,
) -> CameraPose {
    let Some((last, earlier)) = moves.split_last() else { return home(now) };
    let began = Moment(last.began_millis);
    if now < began {
        let earlier = after(earlier, area, now, home, lens);
        return CameraPose { next: [earlier.next, Some(began)].into_iter().flatten().min(), ..earlier };
    }
    let home_pose = home(now);
    let to = if last.to == Place::Home { home_pose.lens } else { lens(&last.to) };
    // Where it looked when this flight began: at rest, or on the way of the one that it cuts short.
    let from = after(earlier, area, began, home, lens).lens;
    let flown = Flight::new(from, to, area).at(now, began, last.secs);
    if last.to == Place::Home && !flown.moving { home_pose } else { flown }
}

/// The smoothest path from one lens to another: it zooms out, pans and zooms in at a constant perceived speed. J. van
/// Wijk and W. Nuij, "Smooth and efficient zooming and panning" (2003).
#[derive(Debug, Clone, Copy)]
pub struct Flight {
    from: Lens,
    to: Lens,
    /// Width of the Earth seen across the map at both ends, in units of the Earth.
    widths: (f64, f64),
    /// Distance between the two centres, in units of the Earth.
    distance: f64,
    /// Length of the path: S in the paper, without a unit.
    pub length: f64,
    /// Start of the path on its hyperbola: r₀ in the paper; none for a pure zoom.
    begins: Option<f64>,
}

impl Flight {
    /// The way between two lenses of a map in `area`.
    pub fn new(from: Lens, to: Lens, area: WallRect) -> Self {
        let across = f64::from(area.width().max(1.0));
        let (w0, w1) = (across / from.scale, across / to.scale);
        let distance = (to.centre - from.centre).length();
        let rho2 = RHO * RHO;
        if distance < 1e-6 * w0.min(w1) {
            let length = (w1 / w0).ln().abs() / RHO;
            return Self { from, to, widths: (w0, w1), distance, length, begins: None };
        }
        let rise = |w: f64, sign: f64| {
            let b = (w1 * w1 - w0 * w0 + sign * rho2 * rho2 * distance * distance) / (2.0 * w * rho2 * distance);
            // ln(√(b² + 1) − b), without the loss of digits for a large b.
            -b.asinh()
        };
        let (r0, r1) = (rise(w0, 1.0), rise(w1, -1.0));
        Self { from, to, widths: (w0, w1), distance, length: (r1 - r0) / RHO, begins: Some(r0) }
    }

    /// The lens at a part of the way, from 0 to 1.
    pub fn lens(&self, part: f64) -> Lens {
        let (w0, w1) = self.widths;
        let s = part.clamp(0.0, 1.0) * self.length;
        let (gone, width) = match self.begins {
            None => (part.clamp(0.0, 1.0), w0 * (w1 / w0).powf(part.clamp(0.0, 1.0))),
            Some(r0) => {
                let way = w0 / (RHO * RHO) * (r0.cosh() * (RHO * s + r0).tanh() - r0.sinh());
                (way / self.distance, w0 * r0.cosh() / (RHO * s + r0).cosh())
            }
        };
        let scale = self.from.scale * w0 / width;
        Lens { centre: self.from.centre.lerp(self.to.centre, gone), scale, ..self.to }
    }

    /// The pose at `now` of a flight that began at `began` and takes `secs`, or what its way needs.
    pub fn at(&self, now: Moment, began: Moment, secs: Option<f64>) -> CameraPose {
        let needed = (self.length * SECS_A_UNIT).clamp(SHORTEST_SECS, LONGEST_SECS);
        let millis = (secs.unwrap_or(needed).clamp(0.0, MAX_SECS) * 1000.0) as i64;
        let t = began.progress(now, millis);
        if t >= 1.0 || self.length < 1e-9 {
            return CameraPose { lens: self.to, moving: false, next: None };
        }
        CameraPose { lens: self.lens(f64::from(ease_in_out_cubic(t))), moving: true, next: Some(now) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Frame, rect};
    use proptest::prelude::*;

    const NOW: Moment = Moment(1_795_172_712_000);

    fn area() -> WallRect {
        rect(0.0, 0.0, 900.0, 600.0)
    }

    fn bounds(place: &Place) -> WorldRect {
        let around = |lon: f64, lat: f64, degrees: f64| {
            WorldRect::new(
                Frame::PLAIN.place(lon - degrees, lat + degrees / 2.0),
                Frame::PLAIN.place(lon + degrees, lat - degrees / 2.0),
            )
        };
        match place {
            Place::Municipality(name) => around(40.0 + name.len() as f64, 58.0, 0.3),
            Place::Around { lon, lat, .. } => around(*lon, *lat, 0.05),
            _ => around(45.0, 58.0, 6.0),
        }
    }

    fn place(target: &Target) -> Place {
        target.place(Vec::new, Vec::new).unwrap_or(Place::Region)
    }

    fn inputs<'a>(moves: &'a [CameraMove], tour: Option<&'a Tour>) -> CameraInputs<'a> {
        CameraInputs { look: &Target::Place(Place::Region), tour, moves }
    }

    fn leg(to: Place, after_millis: i64) -> CameraMove {
        CameraMove { to, began_millis: NOW.0 + after_millis, secs: Some(2.0) }
    }

    /// How far apart two lenses are, as a viewer sees it: in parts of the map's width, and in doublings.
    fn apart(a: Lens, b: Lens) -> f64 {
        let width = f64::from(area().width()) / a.scale.min(b.scale);
        (a.centre - b.centre).length() / width + (a.scale / b.scale).log2().abs()
    }

    proptest! {
        #[test]
        fn a_way_begins_and_ends_where_it_should_and_never_jumps(
            lon in 30f64..60.0, lat in 50f64..65.0, degrees in 0.01f64..5.0
        ) {
            let lens = |lon: f64, lat: f64, degrees: f64| {
                let corner = |d: f64| Frame::PLAIN.place(lon + d, lat - d / 2.0);
                Lens::fit(WorldRect::new(corner(-degrees), corner(degrees)), area())
            };
            let (from, to) = (lens(45.0, 58.0, 6.0), lens(lon, lat, degrees));
            let flight = Flight::new(from, to, area());
            prop_assert!(apart(flight.lens(0.0), from) < 1e-6 && apart(flight.lens(1.0), to) < 1e-6);
            // Evenly: no step of a hundredth of the way is longer than twice a mean one.
            let steps: Vec<f64> = (0..100).map(|i| apart(flight.lens(f64::from(i) / 100.0), flight.lens(f64::from(i + 1) / 100.0))).collect();
            let mean = steps.iter().sum::<f64>() / 100.0;
            prop_assert!(steps.iter().all(|step| *step < 2.5 * mean + 1e-9), "{steps:?}");
            // The way back is the same way.
            let back = Flight::new(to, from, area());
            prop_assert!(apart(flight.lens(0.3), back.lens(0.7)) < 1e-6);
        }

        #[test]
        fn orders_that_cut_one_another_short_never_make_the_map_jump(
            waits in prop::collection::vec((0i64..3000, 0usize..4), 1..MAX_MOVES)
        ) {
            let mut moves: Vec<CameraMove> = Vec::new();
            let mut at = 0;
            for (wait, which) in waits {
                at += wait;
                let to = [
                    Place::Home, Place::Municipality("Ёлкино".into()), Place::Municipality("Усть-Велега".into()),
                    Place::Around { lon: 44.0, lat: 57.0, span_km: 1.0 },
                ][which].clone();
                moves.push(leg(to, at));
            }
            let pose = |moves: &[CameraMove], at: i64| inputs(moves, None).pose(area(), NOW.plus_millis(at), place, bounds).lens;
            for end in 1..=moves.len() {
                let began = moves[end - 1].began_millis - NOW.0;
                prop_assert!(apart(pose(&moves[..end], began), pose(&moves[..end - 1], began)) < 1e-6);
            }
        }
    }

    #[test]
    fn a_map_rests_where_it_was_sent_and_goes_home_when_told() {
        let moves = [leg(Place::Municipality("Ёлкино".into()), 0), leg(Place::Home, 10_000)];
        let pose = |at: i64| inputs(&moves, None).pose(area(), NOW.plus_millis(at), place, bounds);
        let home = inputs(&[], None).pose(area(), NOW, place, bounds);
        assert!(!home.moving && home.next.is_none());
        assert_eq!(pose(-1).lens, home.lens);
        assert!(pose(1000).moving && pose(1000).lens.scale > home.lens.scale);
        assert_eq!(pose(5000).lens, Lens::fit(bounds(&moves[0].to), area()));
        assert!(!pose(5000).moving && pose(5000).next == Some(Moment(moves[1].began_millis)));
        assert_eq!(pose(12_000), home);
    }

    #[test]
    fn a_tour_goes_round_by_the_clock() {
        let tour = Tour {
            stops: vec![Target::Place(Place::Region), Target::municipality("Ёлкино")],
            hold_secs: 8.0,
            flight_secs: 2.0,
        };
        let begin = Moment(NOW.0.div_euclid(20_000) * 20_000);
        let pose = |at: i64| inputs(&[], Some(&tour)).pose(area(), begin.plus_millis(at), place, bounds);
        assert!(pose(1000).moving && !pose(3000).moving && pose(11_000).moving && !pose(13_000).moving);
        assert_eq!(pose(3000).next, Some(begin.plus_millis(10_000)));
        assert_eq!(pose(1000).next, Some(begin.plus_millis(1000)), "it moves now");
        assert_ne!(pose(3000).lens, pose(13_000).lens);
        assert_eq!(pose(3000).lens, pose(23_000).lens);
        assert!(Tour { stops: vec![], ..tour.clone() }.validate().is_err() && tour.validate().is_ok());
    }
}
