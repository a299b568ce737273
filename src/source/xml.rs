//! XML as values: an element is its text, or an object of its children; children of one name are a list. An element
//! that has nothing but attributes is an object of them, `@name` by `@name`.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

use super::encoding::xml_text;

/// Elements are not nested deeper in any format that is read here.
const DEEPEST: usize = 64;
/// No answer holds more elements: each takes some hundred bytes.
const MAX_ELEMENTS: usize = 4_000_000;

/// The children of the root element. Namespaces' prefixes are left out.
///
/// # Errors
/// A sentence that says what is wrong: not XML, nested too deep, a document type with entities of its own.
pub fn value(bytes: &[u8]) -> Result<Value, String> {
    let text = xml_text(bytes);
    let mut reader = Reader::from_str(&text);
    let mut open: Vec<(String, Map<String, Value>, String)> = vec![(String::new(), Map::new(), String::new())];
    let mut elements = 0;
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().map_err(|e| format!("not XML at byte {at}: {e}"))?;
        if matches!(event, Event::Start(_) | Event::Empty(_)) {
            elements += 1;
            if elements > MAX_ELEMENTS {
                return Err(format!("it has more than {MAX_ELEMENTS} elements"));
            }
        }
        match event {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err(format!("elements are nested deeper than {DEEPEST}"));
                }
                let name = start.local_name().as_ref().to_owned();
                open.push((name, Map::new(), String::new()));
            }
            Event::Empty(empty) => {
                let name = empty.local_name().as_ref().to_owned();
                let value = attributes(&empty);
                put(&mut open, name, value);
            }
            Event::Text(text) => {
                if let Some((_, _, held)) = open.last_mut() {
                    held.push_str(&text);
                }
            }
            Event::CData(data) => {
                if let Some((_, _, held)) = open.last_mut() {
                    held.push_str(&data);
                }
            }
            Event::GeneralRef(reference) => {
                let Some((_, _, held)) = open.last_mut() else { continue };
                // Names of HTML are no XML, and common in it.
                match quick_xml::escape::resolve_html5_entity(&reference) {
                    Some(meant) => held.push_str(meant),
                    None => held.extend(reference.resolve_char_ref().ok().flatten()),
                }
            }
            Event::End(_) => {
                let Some((name, children, text)) = open.pop() else { break };
                let value = if children.is_empty() {
                    let text = text.trim();
                    if text.is_empty() { Value::Null } else { Value::from(text) }
                } else {
                    Value::Object(children)
                };
                put(&mut open, name, value);
            }
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => {}
        }
    }
    if open.len() != 1 {
        return Err("the document breaks off".to_owned());
    }
    let root = open.pop().and_then(|(_, children, _)| children.into_iter().next());
    root.map(|(_, value)| value).ok_or_else(|| "no element in it".to_owned())
}

/// What an element says by attributes alone; those of namespaces, such as `xsi:nil`, say nothing.
fn attributes(element: &quick_xml::events::BytesStart<'_>) -> Value {
    let mut found = Map::new();
    for attribute in element.attributes().flatten() {
        let name = attribute.key.as_ref();
        if !name.contains(':') && name != "xmlns" {
            let text = quick_xml::escape::unescape_with(&attribute.value, quick_xml::escape::resolve_html5_entity);
            let text = text.map_or_else(|_| attribute.value.to_string(), |text| text.into_owned());
            found.insert(format!("@{name}"), Value::from(text));
        }
    }
    if found.is_empty() { Value::Null } else { Value::Object(found) }
}

fn put(open: &mut [(String, Map<String, Value>, String)], name: String, value: Value) {
    let Some((_, parent, _)) = open.last_mut() else { return };
    match parent.get_mut(&name) {
        None => drop(parent.insert(name, value)),
        Some(Value::Array(list)) => list.push(value),
        Some(single) => {
            let first = single.take();
            *single = Value::Array(vec![first, value]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn elements_become_values() {
        let text = "<?xml version=\"1.0\"?><a:r xmlns:a=\"u\"><x>1 &amp; 2</x><y/><z><q>a</q></z><z><q>b</q></z><t><![CDATA[<i>]]></t></a:r>";
        let expected = json!({ "x": "1 & 2", "y": null, "z": [{ "q": "a" }, { "q": "b" }], "t": "<i>" });
        assert_eq!(value(text.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn what_is_not_xml_is_refused_and_nothing_overflows() {
        for wrong in ["", "{}", "<a><b></a>", "<a>", &"<a>".repeat(100_000)] {
            assert!(value(wrong.as_bytes()).is_err());
        }
        // Entities are not expanded: a billion laughs stay one.
        let laughs = "<!DOCTYPE a [<!ENTITY l \"ha\"><!ENTITY m \"&l;&l;\">]><a>&m;&m;</a>";
        assert_eq!(value(laughs.as_bytes()), Ok(Value::Null));
    }
}
