//! The help of the command line in the language of whoever asks. Its English text stands beside each option; the files of
//! messages have it once more, with the Russian.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command};

use crate::language::{Lang, Sentence};
use crate::sentence;

/// The arguments of a command line with `obzor help run` written as `obzor run --help`: clap's own `help` command cannot
/// be said in Russian.
pub fn as_option(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    if args.get(1).is_some_and(|first| first == "help") {
        args.remove(1);
        args.push("--help".into());
    }
    args
}

/// The commands with their help in a language.
pub fn localized(command: Command, lang: Lang) -> Command {
    let command = command.disable_help_subcommand(true);
    if lang == Lang::En {
        return command;
    }
    let mut command = translated(command, lang);
    // Only now every command knows the names of those that it stands under.
    command.build();
    with_usage(command, lang)
}

/// Each command with its usage in a language.
fn with_usage(mut command: Command, lang: Lang) -> Command {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").replace("[OPTIONS]", &sentence!("help-options-place").to(lang));
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = command.override_usage(usage);
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, |sub| with_usage(sub, lang)))
}

/// The commands with what they say of themselves in a language.
fn translated(command: Command, lang: Lang) -> Command {
    let usage = sentence!("help-usage").to(lang);
    let template = format!("{{about-with-newline}}\n{usage}: {{usage}}\n\n{{all-args}}{{after-help}}");
    let about = command.get_about().map(|about| localized_help(about, lang));
    let long_about = command.get_long_about().map(|about| {
        let paragraphs: Vec<String> = about.to_string().split("\n\n").map(|part| of_text(part, lang)).collect();
        paragraphs.join("\n\n")
    });
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let version = command.get_version().is_some();
    let mut command = command
        .help_template(template)
        .subcommand_value_name(sentence!("help-command-place").to(lang))
        .subcommand_help_heading(sentence!("help-commands").to(lang))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|arg| argument(arg, lang))
        .arg(flag("help", 'h', ArgAction::Help, sentence!("help-help"), lang));
    if version {
        command = command.arg(flag("version", 'V', ArgAction::Version, sentence!("help-version"), lang));
    }
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(about) = long_about {
        command = command.long_about(about);
    }
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, |sub| translated(sub, lang)))
}

fn flag(name: &'static str, short: char, action: ArgAction, help: Sentence, lang: Lang) -> Arg {
    let heading = sentence!("help-options").to(lang);
    Arg::new(name).short(short).long(name).action(action).help(help.to(lang)).help_heading(heading)
}

/// An argument with its help, its default and its values in a language.
fn argument(arg: Arg, lang: Lang) -> Arg {
    let mut help = arg.get_help().map(|help| localized_help(help, lang)).unwrap_or_default();
    let mut notes = Vec::new();
    let values: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if !values.is_empty() && arg.get_action().takes_values() {
        notes.push(sentence!("help-values", values = values.join(", ")).to(lang));
    }
    let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !default.is_empty() && arg.get_action().takes_values() {
        notes.push(sentence!("help-default", value = default.join(", ")).to(lang));
    }
    if !notes.is_empty() {
        help += &format!(" [{}]", notes.join("; "));
    }
    let heading = if arg.is_positional() { sentence!("help-arguments") } else { sentence!("help-options") };
    let places: Vec<String> =
        arg.get_value_names().unwrap_or_default().iter().map(|name| place(name.as_str(), lang)).collect();
    let arg = if places.is_empty() || !arg.get_action().takes_values() { arg } else { arg.value_names(places) };
    arg.help(help).hide_default_value(true).hide_possible_values(true).help_heading(heading.to(lang))
}

/// What stands for a value, in a language: of `URL|FILE` each word, of `FILE.png` what stands before the dot.
fn place(name: &str, lang: Lang) -> String {
    let word = |word: &str| Sentence::recover(word, "place-").map_or_else(|| word.to_owned(), |word| word.to(lang));
    let with_ending = |name: &str| match name.split_once('.') {
        Some((stem, ending)) => format!("{}.{ending}", word(stem)),
        None => word(name),
    };
    name.split('|').map(with_ending).collect::<Vec<_>>().join("|")
}

fn localized_help(help: &StyledStr, lang: Lang) -> String {
    of_text(&help.to_string(), lang)
}

/// A text of the help in a language: English where it has no other.
fn of_text(english: &str, lang: Lang) -> String {
    let recover = |english: &str| Sentence::recover(english, "help-").map(|sentence| sentence.to(lang));
    // The first line of a long help ends in a full stop.
    let stopped = || Some(recover(english.strip_suffix('.')?)? + ".");
    recover(english).or_else(stopped).unwrap_or_else(|| english.to_owned())
}
