//! Imports run one way, and what a module may know of the outside is held.

mod circles;
mod errors;

use std::path::{Path, PathBuf};

/// Each module may use those before it. Modules on one line may not use one another, except `panel`, which
/// `layout` places.
const ORDER: &[&[&str]] = &[
    &["geometry", "clock", "digest", "privacy", "language"],
    &["diagnostic"],
    &["picture"],
    &["data", "scene"],
    &["wall", "signal"],
    &["native_api", "map"],
    &["basemap", "alarm"],
    &["panel"],
    &["layout"],
    &["archive"],
    &["source", "demo"],
    &["runsheet"],
    &["schedule", "notify"],
    &["state"],
    &["compose", "conductor", "render"],
    &["journal", "operation"],
    &["requests"],
    &["server"],
    &["app"],
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    found
        .into_iter()
        .map(|path| {
            let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
            let module = first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
            // What a module's tests use is the tests' own affair.
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap().to_owned();
            (module, path, text)
        })
        .filter(|(module, path, _)| {
            let inside = path.strip_prefix(&root).unwrap();
            let is_test = inside.ends_with("tests.rs") || inside.iter().any(|part| part == "tests");
            module != "lib" && module != "main" && !is_test
        })
        .collect()
}

fn rank(module: &str) -> usize {
    ORDER.iter().position(|row| row.contains(&module)).unwrap_or_else(|| panic!("`{module}` has no place in the order"))
}

#[test]
fn imports_point_one_way() {
    let mut wrong = Vec::new();
    for (module, path, text) in sources() {
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if used != module
                    && ORDER.iter().any(|row| row.contains(&used.as_str()))
                    && rank(&used) >= rank(&module)
                {
                    wrong.push(format!("{}: {module} uses {used}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_gpu_and_the_network_are_known_where_they_belong() {
    let rules: [(&str, &[&str]); 3] =
        [("wgpu::", &["render"]), ("tokio::", &["source", "demo", "server", "app"]), ("anyhow::", &["app"])];
    for (name, allowed) in rules {
        for (module, path, text) in sources() {
            assert!(allowed.contains(&module.as_str()) || !text.contains(name), "{} names {name}", path.display());
        }
    }
    for (module, path, text) in sources().into_iter().filter(|(module, ..)| module == "render") {
        for used in text.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_alphanumeric()).collect();
            assert!(
                ["geometry", "scene", "wall", "render"].contains(&used.as_str()),
                "{}: {module} knows {used}",
                path.display()
            );
        }
    }
}

#[test]
fn files_are_short_enough_to_hold_in_the_head() {
    for (_, path, _) in sources() {
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 520, "{}: {lines} lines", path.display());
    }
}

/// What is said to people stands in the files of messages, in every language with the same arguments.
#[test]
fn every_sentence_stands_in_the_files_of_messages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/messages");
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    // A message goes on in lines that are indented, or close its choice.
    let messages = |text: &str| -> std::collections::BTreeMap<String, std::collections::BTreeSet<String>> {
        let mut found = std::collections::BTreeMap::new();
        let mut key = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '}', '['])) {
                key = name.to_owned();
            }
            let arguments: &mut std::collections::BTreeSet<String> = found.entry(key.clone()).or_default();
            let names = line.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next());
            arguments.extend(names.map(str::to_owned));
        }
        found
    };
    let (english, russian) = (messages(&read("en.ftl")), messages(&read("ru.ftl")));
    let mut wrong = Vec::new();
    for (key, arguments) in english.iter().filter(|(key, _)| is_for_files(key)) {
        if russian.get(key) != Some(arguments) {
            wrong.push(format!("{key}: {arguments:?} in English, {:?} in Russian", russian.get(key)));
        }
    }
    let mut used = 0;
    for (_, path, text) in sources() {
        for start in ["sentence!(", "Sentence::of("] {
            for call in text.split(start).skip(1) {
                let Some(key) = call.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
                    continue;
                };
                used += 1;
                if !english.contains_key(key) {
                    wrong.push(format!("{}: there is no message `{key}`", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(used > 80, "only {used} sentences were found");
}

/// Whether a message is for those who write files, and not on the wall, where a language may leave an argument out.
fn is_for_files(key: &str) -> bool {
    [
        "panel-",
        "site-",
        "source-",
        "import-",
        "fault-",
        "check-",
        "layout-",
        "wall-",
        "visit-",
        "legible-",
        "preflight-",
    ]
    .iter()
    .any(|start| key.starts_with(start))
}
