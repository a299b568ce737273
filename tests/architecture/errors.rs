//! Every sentence of an error or of a row's issue stands in the files of messages, so that whoever runs the program in
//! Russian reads it in Russian.

use std::path::Path;

use obzor::language::{Lang, localized};
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::{Expr, Token};

/// Errors of what nobody who operates the wall reads: the demo backend's and the server's answers are an API's.
const NOT_FOR_OPERATORS: [&str; 2] = ["demo", "server"];
/// Macros and methods whose texts are sentences for people.
const MACROS: [&str; 2] = ["bail", "anyhow"];
const METHODS: [&str; 8] =
    ["context", "with_context", "ok_or", "ok_or_else", "count", "count_times", "count_term", "map_err"];

/// The sentences of errors in a file.
#[derive(Default)]
struct Errors(Vec<String>);

/// The texts in an expression: of a `format!`, the first.
struct Texts<'a>(&'a mut Vec<String>);

impl<'ast> Visit<'ast> for Texts<'_> {
    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.0.push(text.value());
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if call.path.is_ident("format") {
            let parts = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
            parts.iter().flatten().take(1).for_each(|format| self.visit_expr(format));
        }
    }
}

impl<'ast> Visit<'ast> for Errors {
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if attribute.path().is_ident("error") {
            let parts = attribute.parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated);
            parts.iter().flatten().take(1).for_each(|format| Texts(&mut self.0).visit_expr(format));
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if call.path.segments.last().is_some_and(|name| MACROS.iter().any(|known| name.ident == known)) {
            let parts = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
            parts.iter().flatten().take(1).for_each(|format| Texts(&mut self.0).visit_expr(format));
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if METHODS.iter().any(|known| call.method == known) {
            call.args.iter().for_each(|arg| Texts(&mut self.0).visit_expr(arg));
        }
        syn::visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let Expr::Path(path) = &*call.func
            && path.path.is_ident("Err")
        {
            call.args.iter().for_each(|arg| Texts(&mut self.0).visit_expr(arg));
        }
        syn::visit::visit_expr_call(self, call);
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        if matches!(&field.member, syn::Member::Named(name) if name == "what" || name == "why") {
            Texts(&mut self.0).visit_expr(&field.expr);
        }
        syn::visit::visit_field_value(self, field);
    }
}

/// A format with each place filled in: `{count}` and `{0:?}` are `X`. None where it has no words of its own.
fn filled(format: &str) -> Option<String> {
    let (mut text, mut words, mut rest) = (String::new(), 0, format);
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        words += words_in(&rest[..at]);
        let double = rest[at..].starts_with("{{") || rest[at..].starts_with("}}");
        if double {
            text.push_str(&rest[at..=at]);
            rest = &rest[at + 2..];
        } else {
            text.push('X');
            rest = rest[at..].split_once('}').map_or("", |(_, after)| after);
        }
    }
    text.push_str(rest);
    words += words_in(rest);
    (words > 1).then_some(text)
}

fn words_in(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count()
}

#[test]
fn every_sentence_of_an_error_can_be_said_in_russian() {
    let mut found = Errors::default();
    let main = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs")).expect("it is there");
    let main =
        ("main".to_owned(), "src/main.rs".into(), main.split("#[cfg(test)]").next().unwrap_or_default().to_owned());
    for (module, _, text) in super::sources().into_iter().chain([main]) {
        if !NOT_FOR_OPERATORS.contains(&module.as_str()) {
            found.visit_file(&syn::parse_file(&text).expect("the library compiles"));
        }
    }
    let sentences: std::collections::BTreeSet<String> = found.0.iter().filter_map(|text| filled(text)).collect();
    assert!(sentences.len() > 80, "{}", sentences.len());
    let cyrillic = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
    let english: Vec<&String> = sentences.iter().filter(|text| !cyrillic(&localized(text, Lang::Ru))).collect();
    assert!(english.is_empty(), "{english:#?}");
}
