//! Addresses of the network: links, e-mail, handles.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::words::Text;
use super::{Kind, pattern};

static PATTERNS: LazyLock<[(Regex, Kind); 7]> = LazyLock::new(|| {
    [
        // A link, or the name of a site with a path: a profile is one of them.
        (pattern(r"(?i)\b(?:https?|tg|viber|whatsapp)\s?:\s?/{1,2}\S+|\bwww\.\S+"), Kind::Contact),
        (
            pattern(
                r"(?i)\b(?:(?:m\.)?vk\.(?:com|ru)|vkontakte\.ru|t\.me|telegram\.(?:me|org)|ok\.ru|wa\.me|max\.ru|(?:instagram|facebook|fb|youtube|tiktok|x|twitter)\.com|dzen\.ru|avito\.ru|my\.mail\.ru)\s?/\s?\S+",
            ),
            Kind::Contact,
        ),
        // E-mail, also with its signs in words.
        (
            pattern(
                r"(?i)(?:[\p{L}\d_-]+\s(?:точка|тчк|dot)\s)?[\p{L}\d._%+-]+\s?(?:@|\(at\)|\[at\]|\{at\}|\bсобака\b|\(собака\))\s?[\p{L}\d-]+(?:\s?(?:\.|\bточка\b|\(точка\)|\bdot\b|\(dot\)|\[dot\])\s?[\p{L}\d-]+)+",
            ),
            Kind::Contact,
        ),
        // A handle.
        (pattern(r"@[\p{L}\d_.]{2,}"), Kind::Contact),
        (
            pattern(
                r"(?i)\b(?:телеграм\w*|телега|телеге|тг|tg|telegram|вк|vk|вконтакте|инст\w*|insta\w*|инсте|ватсап\w*|вотсап\w*|whatsapp|вайбер\w*|viber|skype|скайп\w*|ник|никнейм|логин|дискорд\w*|discord)\s?(?:[:=—–-]|\bу меня\b)?\s?[A-Za-z][A-Za-z0-9_.-]{2,}",
            ),
            Kind::Contact,
        ),
        (pattern(r"(?i)\bid\s?[:№-]?\s?\d{4,}"), Kind::Contact),
        // A cadastral number is somebody's land.
        (pattern(r"\b\d{2}:\d{2}:\d{5,7}:\d{1,6}\b"), Kind::Document),
    ]
});

/// The network addresses in a text.
pub fn find(text: &Text<'_>) -> Vec<(Range<usize>, Kind)> {
    let mut found = Vec::new();
    for (pattern, kind) in PATTERNS.iter() {
        for hit in pattern.find_iter(text.text) {
            let trimmed = hit.as_str().trim_end_matches(['.', ',', ';', '!', '?', ')', '»', '"']);
            found.push((hit.start()..hit.start() + trimmed.len(), *kind));
        }
    }
    found
}
