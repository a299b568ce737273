//! What is wrong with a command line, in the language of whoever typed it. In English clap says it by itself.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::language::{Lang, Sentence, localized};
use crate::sentence;

/// The fault of a command line, with what is meant and the usage; none where clap's own text is to be shown: the help,
/// the version, and everything in English.
pub fn in_lang(error: &clap::Error, lang: Lang) -> Option<String> {
    if lang == Lang::En || !error.use_stderr() {
        return None;
    }
    let mut lines = vec![sentence!("usage-error", what = fault(error)?.to(lang)).to(lang)];
    let suggested = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let suggested = suggested.into_iter().filter_map(|kind| text(error, kind));
    lines.extend(suggested.map(|text| format!("  {}", sentence!("fault-meant", name = text).to(lang))));
    if let Some(usage) = text(error, ContextKind::Usage) {
        lines.push(usage.replacen("Usage", &sentence!("help-usage").to(lang), 1));
    }
    lines.push(sentence!("usage-more").to(lang));
    Some(lines.join("\n\n") + "\n")
}

fn fault(error: &clap::Error) -> Option<Sentence> {
    let argument = text(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = text(error, ContextKind::InvalidValue).unwrap_or_default();
    Some(match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => sentence!("usage-no-value", argument = argument),
        ErrorKind::InvalidValue => {
            let values = text(error, ContextKind::ValidValue).unwrap_or_default();
            sentence!("usage-other-value", argument = argument, value = value, values = values)
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            sentence!("usage-wrong-value", argument = argument, value = value, why = localized(&why, Lang::Ru))
        }
        ErrorKind::UnknownArgument => sentence!("usage-unknown-argument", argument = argument),
        ErrorKind::InvalidSubcommand => {
            let command = text(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            sentence!("usage-unknown-command", command = command)
        }
        ErrorKind::MissingSubcommand => sentence!("usage-no-command"),
        ErrorKind::MissingRequiredArgument => sentence!("usage-missing", arguments = argument),
        ErrorKind::ArgumentConflict => match text(error, ContextKind::PriorArg).unwrap_or_default() {
            other if other == argument => sentence!("usage-twice", argument = argument),
            other => sentence!("usage-conflict", argument = argument, other = other),
        },
        _ => return None,
    })
}

/// What the error knows of a kind, in one line.
fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::StyledStrs(texts) => Some(texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        _ => None,
    }
}
