//! The bundled fonts.

/// A bundled font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    /// Golos Text 400.
    Regular,
    /// Golos Text 500.
    Medium,
    /// Golos Text 600.
    SemiBold,
    /// Phosphor bold.
    IconBold,
    /// Phosphor filled.
    IconFill,
    /// Noto Sans: letters that Golos Text has not.
    Sans,
    /// Noto Sans Math: arrows and signs.
    Signs,
    /// Noto Emoji, of one colour.
    Emoji,
}

impl Face {
    /// Every bundled font.
    pub const ALL: [Self; 8] = [
        Self::Regular,
        Self::Medium,
        Self::SemiBold,
        Self::IconBold,
        Self::IconFill,
        Self::Sans,
        Self::Signs,
        Self::Emoji,
    ];

    /// The font file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../assets/fonts/GolosText-400.ttf"),
            Self::Medium => include_bytes!("../../assets/fonts/GolosText-500.ttf"),
            Self::SemiBold => include_bytes!("../../assets/fonts/GolosText-600.ttf"),
            Self::IconBold => include_bytes!("../../assets/fonts/Phosphor-Bold.ttf"),
            Self::IconFill => include_bytes!("../../assets/fonts/Phosphor-Fill.ttf"),
            Self::Sans => include_bytes!("../../assets/fonts/NotoSans-400.ttf"),
            Self::Signs => include_bytes!("../../assets/fonts/NotoSansMath-400.ttf"),
            Self::Emoji => include_bytes!("../../assets/fonts/NotoEmoji-400.ttf"),
        }
    }
}
