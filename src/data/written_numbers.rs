//! Numbers as people and programs write them: grouped, with a decimal comma or point, with a sign of per cent, in
//! brackets for less than nothing.

use serde_json::Value;

/// More digits than this, without groups, are a code, a document or a telephone.
const MAX_DIGITS: usize = 9;
/// And with groups.
const MAX_GROUPED_DIGITS: usize = 12;
/// Seconds since 1970 of the years 2001 to 2052: no telephone of ten digits begins as they do.
const SECONDS: std::ops::Range<i64> = 1_000_000_000..2_600_000_000;

/// What a comma before three digits is, where nothing else tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Comma {
    /// The sign of decimals, as in Russia.
    #[default]
    Decimal,
    /// Between thousands, as in English tables.
    Groups,
}

/// A value as a finite number, whether it is one or a text that writes one.
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => figure(text, Comma::Decimal),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

/// A value as a whole number.
pub fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => {
            number.as_i64().or_else(|| number.as_f64().filter(|n| n.fract() == 0.0).map(|n| n as i64))
        }
        other => number(other).filter(|n| n.fract() == 0.0 && n.abs() < 1e15).map(|n| n as i64),
    }
}

/// The number that a text writes: `1 234 567,89`, `1,234.5`, `45,6 %` (45.6), `(350)` (−350), `−3`, `+7`, `1e3`. None
/// where it writes none, or a code.
pub fn figure(text: &str, comma: Comma) -> Option<f64> {
    let text = text.trim_matches(|c: char| c.is_whitespace());
    let (text, negative) = match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (inner.trim(), true),
        None => (text, false),
    };
    let text = text.strip_suffix('%').map_or(text, str::trim_end);
    let (text, minus) = match text.strip_prefix(['-', '−', '–']) {
        Some(rest) => (rest.trim_start(), true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    };
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',') {
        return None;
    }
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(text[at + 1..].parse::<i32>().ok().filter(|e| e.abs() <= 300)?)),
        None => (text, None),
    };
    let plain = plain(mantissa, comma)?;
    let value: f64 = match exponent {
        Some(exponent) => format!("{plain}e{exponent}").parse().ok()?,
        None => plain.parse().ok()?,
    };
    value.is_finite().then_some(if negative != minus { -value } else { value })
}

/// A cell of a table as the number that it writes, or as words. What begins with a zero, or is longer than a count is,
/// is a code or a telephone, and stays words; seconds and milliseconds of our time are numbers.
pub fn cell(text: &str, comma: Comma) -> Value {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_plain = text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.trim_start_matches(['-', '−', '–', '+', '(']).trim_start();
    let is_code =
        unsigned.len() > 1 && unsigned.starts_with('0') && unsigned[1..].starts_with(|c: char| c.is_ascii_digit());
    if is_plain && digits > MAX_DIGITS {
        let number = text.parse::<i64>().ok().filter(|n| SECONDS.contains(n) || SECONDS.contains(&(n / 1000)));
        return number.map_or_else(|| Value::from(text), Value::from);
    }
    // Neither a sign nor a full stop makes a count of a telephone.
    let bare = text.trim_matches(|c: char| !c.is_ascii_digit());
    let is_long = bare.len() > MAX_DIGITS && bare.bytes().all(|b| b.is_ascii_digit());
    if is_long || (text.trim_start().starts_with('+') && digits > MAX_DIGITS) {
        return Value::from(text);
    }
    let found = figure(text, comma).filter(|_| !is_code && digits <= MAX_GROUPED_DIGITS);
    match found {
        Some(n) if n.fract() == 0.0 && n.abs() < 1e15 => Value::from(n as i64),
        Some(n) => Value::from(n),
        None => Value::from(text),
    }
}

/// Digits and a point, of digits in groups.
fn plain(text: &str, comma: Comma) -> Option<String> {
    let spaced: String = text
        .chars()
        .map(|c| if matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’') { ' ' } else { c })
        .collect();
    let count = |sign: char| spaced.matches(sign).count();
    let last = |sign: char| spaced.rfind(sign);
    // The sign that stands last, and once, is the one of decimals.
    let decimal = match (last('.'), last(',')) {
        (Some(point), Some(comma)) => {
            let (sign, at) = if point > comma { ('.', point) } else { (',', comma) };
            (count(sign) == 1).then_some(at)?.into()
        }
        (Some(at), None) => (count('.') == 1).then_some(at),
        (None, Some(at)) => {
            let groups = comma == Comma::Groups && spaced.len() - at == 4 && at <= 3 && !spaced.starts_with('0');
            (count(',') == 1 && !groups).then_some(at)
        }
        (None, None) => None,
    };
    let (whole, rest) = decimal.map_or((spaced.as_str(), ""), |at| (&spaced[..at], &spaced[at + 1..]));
    if !rest.bytes().all(|b| b.is_ascii_digit()) || (whole.is_empty() && rest.is_empty()) {
        return None;
    }
    let groups: Vec<&str> = whole.split([' ', '.', ',']).collect();
    let signs = whole.chars().filter(|c| !c.is_ascii_digit()).collect::<std::collections::BTreeSet<char>>();
    let grouped = groups.len() == 1
        || (signs.len() == 1
            && (1..=3).contains(&groups[0].len())
            && groups[1..].iter().all(|group| group.len() == 3)
            && !groups[0].starts_with('0'));
    let digits: String = groups.concat();
    if !grouped || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(format!("{}.{}", if digits.is_empty() { "0" } else { &digits }, if rest.is_empty() { "0" } else { rest }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn figures_are_read_as_they_are_written() {
        for (text, expected) in [
            ("1 234 567,89", Some(1_234_567.89)),
            ("1\u{a0}000", Some(1000.0)),
            ("12\u{202f}500", Some(12_500.0)),
            ("1.234,5", Some(1234.5)),
            ("1,234.5", Some(1234.5)),
            ("1,234,567", Some(1_234_567.0)),
            ("1.234.567", Some(1_234_567.0)),
            ("1'234'567", Some(1_234_567.0)),
            ("45,6%", Some(45.6)),
            ("99 %", Some(99.0)),
            ("(350)", Some(-350.0)),
            ("−3", Some(-3.0)),
            ("-5,1", Some(-5.1)),
            ("+7", Some(7.0)),
            ("0,5", Some(0.5)),
            (",5", Some(0.5)),
            ("1e3", Some(1000.0)),
            ("1,234", Some(1.234)),
            ("н/д", None),
            ("—", None),
            ("", None),
            (",", None),
            ("12 34", None),
            ("1.2.3", None),
            ("2024–2026", None),
            ("12-345-678", None),
            ("115 000 чел.", None),
            ("1e999", None),
            ("NaN", None),
            ("inf", None),
            ("8 916 123-45-67", None),
        ] {
            assert_eq!(figure(text, Comma::Decimal), expected, "{text}");
        }
        assert_eq!(figure("1,234", Comma::Groups), Some(1234.0));
        assert_eq!(figure("0,234", Comma::Groups), Some(0.234));
    }

    #[test]
    fn codes_and_telephones_stay_words() {
        let of = |text| cell(text, Comma::Decimal);
        assert_eq!(
            [of("120"), of("0"), of("-3"), of("1 234 567")],
            [json!(120), json!(0), json!(-3), json!(1_234_567)]
        );
        for words in ["+79161234567", "(89161234567)", "89161234567.", "+7 916 123 456", "-79161234567"] {
            assert_eq!(of(words), json!(words));
        }
        assert_eq!(of("1234567890,50"), json!(1_234_567_890.5));
        for words in ["007", "79991234567", "9161234567", "1.2.3", "00", "-07"] {
            assert_eq!(of(words), json!(words));
        }
        assert_eq!([of("0,5"), of("4.5")], [json!(0.5), json!(4.5)]);
        assert_eq!([of("1795680000"), of("1795680000000")], [json!(1_795_680_000), json!(1_795_680_000_000_i64)]);
    }

    #[test]
    fn values_of_any_kind_are_numbers_where_they_write_one() {
        assert_eq!([number(&json!("12")), number(&json!(12)), number(&json!(true))], [Some(12.0), Some(12.0), None]);
        assert_eq!([whole(&json!("12")), whole(&json!(12.0)), whole(&json!(12.5))], [Some(12), Some(12), None]);
    }

    proptest! {
        #[test]
        fn what_a_wall_writes_is_read_again(n in -1_000_000_000i64..1_000_000_000, cents in 0u8..100) {
            let text = format!("{n},{cents:02}");
            let expected: f64 = format!("{n}.{cents:02}").parse().unwrap();
            prop_assert_eq!(figure(&text, Comma::Decimal), Some(expected));
        }

        #[test]
        fn nothing_makes_it_fail(text in "[0-9.,' eE%()+−–-]{0,20}") {
            prop_assert!(figure(&text, Comma::Decimal).is_none_or(f64::is_finite));
        }
    }
}
