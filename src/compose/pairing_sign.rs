//! The digits of a pairing, over whatever is on, on every output: whoever reads them is in the room.

use jiff::tz::TimeZone;

use super::{PanelId, finish};
use crate::clock::Moment;
use crate::geometry::{WallPoint, WallRect, rect};
use crate::language::{Arg, Language};
use crate::panel::{key_of, paint_qr};
use crate::scene::{Brush, Colour, Fill, Layer, PanelCache, Shaper, TextStyle, Theme, Weight};
use crate::wall::Wall;

/// What the wall shows to whoever is to pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairingSign {
    /// What tells the pairing from others.
    pub id: String,
    /// The address from which it was asked for. Not the name that was given: a stranger writes nothing on the wall.
    pub from: String,
    /// Six digits.
    pub digits: String,
    /// What the QR code says: the address with the secret.
    pub link: String,
    /// Where the wall is operated.
    pub address: String,
    /// The SHA-256 of the wall's authority, in hexadecimal digits; none without TLS.
    pub fingerprint: Option<String>,
    /// For how long it stands, in milliseconds: the wall's clock may show another time than the server's.
    pub lasts_millis: i64,
}

/// So many digits of a fingerprint are shown: 128 bits.
const FINGERPRINT_DIGITS: usize = 32;

/// What is shown of a fingerprint, in groups of four digits: wherever it is compared it is written alike.
pub fn fingerprint_groups(fingerprint: &str) -> Vec<String> {
    let digits: Vec<char> = fingerprint.to_uppercase().chars().take(FINGERPRINT_DIGITS).collect();
    digits.chunks(4).map(|group| group.iter().collect()).collect()
}

/// Width and height of the sign, in units.
const SIZE: (f32, f32) = (38.0, 17.0);

/// The sign on each output, as large as is read from the wall's distance, or as the output has room for.
pub fn layers(
    sign: &PairingSign,
    until: Moment,
    shaper: &mut Shaper,
    language: &Language,
    theme: &Theme,
    wall: &Wall,
    zone: &TimeZone,
) -> Vec<Layer> {
    let mut layers = Vec::new();
    for (index, output) in wall.outputs.iter().enumerate() {
        let room = output.viewport;
        let unit = theme.unit.min(room.width() / (SIZE.0 + 2.0)).min(room.height() / (SIZE.1 + 2.0));
        let mut theme = theme.clone();
        theme.unit = unit;
        let none = PanelCache::default();
        let mut brush = Brush::new(&theme, shaper, &none, room, until);
        paint(sign, until, &mut brush, language, zone);
        layers.extend(finish(brush.finish().drafts, PanelId { layout: key_of("pairing"), index }, &[]).0);
    }
    layers
}

fn paint(sign: &PairingSign, until: Moment, brush: &mut Brush<'_>, language: &Language, zone: &TimeZone) {
    let (u, palette) = (brush.theme.unit, brush.theme.palette.clone());
    let middle = brush.bounds.center();
    let (width, height) = (SIZE.0 * u, SIZE.1 * u);
    let card: WallRect = rect(middle.x - width / 2.0, middle.y - height / 2.0, width, height).round();
    brush.bordered_rect(card, brush.theme.form.radius * u, Fill::Solid(palette.ground), 0.12 * u, palette.now);
    let pad = 1.4 * u;
    let side = height - 2.0 * pad;
    let code = paint_qr(brush, &sign.link, WallPoint::new(card.max.x - pad - side / 2.0, card.center().y), side);
    let left = card.min.x + pad;
    let room = card.max.x - pad - code - pad - left;
    let (title, note) = (brush.theme.title(), brush.theme.note());
    let words = language.message_with("pairing-title", &[("from", Arg::Text(&sign.from))]);
    let mut y = card.min.y + pad + 0.8 * title.size;
    for line in brush.wrapped(&words, title, room, 2) {
        brush.run(line, WallPoint::new(left, y), palette.text);
        y += 1.25 * title.size;
    }
    // Two groups of three: they are read aloud.
    let (first, last) = sign.digits.split_at(sign.digits.len() / 2);
    let digits = TextStyle { size: 4.4 * u, weight: Weight::SemiBold, tracking: 0.02, tabular: true };
    brush.text(&format!("{first}\u{a0}{last}"), digits, WallPoint::new(left, card.min.y + 8.6 * u), palette.now);
    let mut line = |text: &str, style: TextStyle, y: f32, colour: Colour| {
        brush.text_in(text, style, WallPoint::new(left, card.min.y + y * u), room, colour);
    };
    line(&sign.address, TextStyle { size: 1.25 * u, ..title }, 11.0, palette.text);
    let until = language.time(&until.zoned(zone));
    line(&language.message_with("pairing-until", &[("time", Arg::Text(&until))]), note, 12.8, palette.quiet);
    if let Some(fingerprint) = &sign.fingerprint {
        let groups = fingerprint_groups(fingerprint);
        let half = groups.len() / 2;
        line(&groups[..half].join(" "), TextStyle { tabular: true, ..note }, 14.3, palette.quiet);
        line(&groups[half..].join(" "), TextStyle { tabular: true, ..note }, 15.6, palette.quiet);
    }
}
