//! How colours look to eyes that lack one kind of cones, and how far apart two of them are.

use super::Colour;

/// Which cones an eye has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cones {
    /// All three kinds.
    All,
    /// None for long waves (protanopia).
    NoLong,
    /// None for middle waves (deuteranopia).
    NoMiddle,
    /// None for short waves (tritanopia).
    NoShort,
}

impl Cones {
    /// Every kind of eyes.
    pub const EACH: [Self; 4] = [Self::All, Self::NoLong, Self::NoMiddle, Self::NoShort];

    /// Linear RGB as it is seen, by Machado, Oliveira and Fernandes (2009) at full severity.
    fn seen(self, rgb: [f64; 3]) -> [f64; 3] {
        let matrix = match self {
            Self::All => return rgb,
            Self::NoLong => [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
            Self::NoMiddle => [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
            Self::NoShort => [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
        };
        times(matrix, rgb).map(|part| part.clamp(0.0, 1.0))
    }
}

fn times(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

/// A colour in OKLab (Ottosson, 2020), as an eye sees it.
fn oklab(colour: Colour, cones: Cones) -> [f64; 3] {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    let rgb = cones.seen([colour.0[0], colour.0[1], colour.0[2]].map(linear));
    let lms = times(
        [
            [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
            [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
            [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
        ],
        rgb,
    );
    times(
        [
            [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
            [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
            [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
        ],
        lms.map(f64::cbrt),
    )
}

/// How far apart two colours are in OKLab, as an eye sees them: 0.02 is just noticed side by side.
pub fn difference(a: Colour, b: Colour, cones: Cones) -> f64 {
    let (a, b) = (oklab(a, cones), oklab(b, cones));
    (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn red_and_green_of_one_lightness_are_one_colour_without_middle_cones() {
        let (red, green) = (Colour::rgb(0xC0_5A3C), Colour::rgb(0x6E_8A3A));
        assert!(difference(red, green, Cones::All) > 0.15);
        assert!(difference(red, green, Cones::NoMiddle) < 0.5 * difference(red, green, Cones::All));
        assert_eq!(difference(red, red, Cones::NoLong), 0.0);
        let all = difference(Colour::rgb(0), Colour::rgb(0xFF_FFFF), Cones::All);
        assert!((all - 1.0).abs() < 1e-3, "{all}");
    }
}
