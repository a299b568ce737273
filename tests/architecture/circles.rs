//! No two files of the library import each other in a circle. A `mod.rs` and the files of its folder are one house: it
//! may gather what they have, and they may use what it has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use syn::visit::Visit;
use syn::{Item, UseTree};

/// A module by the names from the root of the library to it.
type Module = Vec<String>;
type Imports = BTreeMap<Module, BTreeSet<Module>>;

/// The paths that a file names, each from the root of the library.
struct Paths<'a> {
    module: &'a Module,
    /// The modules that stand in the file's own scope.
    children: BTreeSet<String>,
    found: Vec<Module>,
    /// Those that it exports under their last name.
    exported: Vec<Module>,
}

impl Paths<'_> {
    fn rooted(&self, path: &[String]) -> Option<Module> {
        let (first, mut rest) = path.split_first()?;
        let mut base = self.module.clone();
        match first.as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                base.pop();
                while let Some((next, after)) = rest.split_first().filter(|(next, _)| *next == "super") {
                    let _ = next;
                    base.pop();
                    rest = after;
                }
            }
            child if self.children.contains(child) => base.push(child.to_owned()),
            _ => return None,
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    fn import(&mut self, prefix: &[String], tree: &UseTree, exports: bool) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.import(&with(&path.ident), &path.tree, exports),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(prefix, tree, exports)),
            UseTree::Name(name) => self.note(&with(&name.ident), exports),
            UseTree::Rename(name) => self.note(&with(&name.ident), exports),
            UseTree::Glob(_) => self.note(prefix, exports),
        }
    }

    fn note(&mut self, path: &[String], exports: bool) {
        let Some(found) = self.rooted(path) else { return };
        if exports {
            self.exported.push(found.clone());
        }
        self.found.push(found);
    }
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            // What a module's tests use is the tests' own affair.
            Item::Mod(module) if module.content.is_some() => {}
            Item::Use(import) => {
                let exports = !matches!(import.vis, syn::Visibility::Inherited);
                self.import(&[], &import.tree, exports);
            }
            _ => syn::visit::visit_item(self, item),
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names.len() > 1 {
            self.note(&names, false);
        }
        syn::visit::visit_path(self, path);
    }
}

/// Which file imports which; a name that a `mod.rs` passes on is the file's that has it.
fn imports(root: &Path, files: &[std::path::PathBuf]) -> Imports {
    let mut texts: BTreeMap<Module, syn::File> = BTreeMap::new();
    for path in files {
        let relative = path.strip_prefix(root).unwrap().with_extension("");
        let mut module: Module = relative.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        if module.last().is_some_and(|last| last == "mod") {
            module.pop();
        }
        if module != ["lib"] && module != ["main"] && module.last().is_some_and(|last| last != "tests") {
            texts.insert(module, syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap());
        }
    }
    let mut named: BTreeMap<Module, Vec<Module>> = BTreeMap::new();
    let mut passed_on: BTreeMap<Module, Module> = BTreeMap::new();
    for (module, file) in &texts {
        let children = file.items.iter().filter_map(|item| match item {
            Item::Mod(child) => Some(child.ident.to_string()),
            _ => None,
        });
        let mut paths = Paths { module, children: children.collect(), found: Vec::new(), exported: Vec::new() };
        paths.visit_file(file);
        for exported in paths.exported {
            let own = [module.as_slice(), &exported[exported.len() - 1..]].concat();
            passed_on.insert(own, exported);
        }
        named.insert(module.clone(), paths.found);
    }
    let file_of = |name: &Module| (0..=name.len()).rev().map(|n| name[..n].to_vec()).find(|m| texts.contains_key(m));
    let mut imports = Imports::new();
    for (module, names) in named {
        for mut name in names {
            // What is passed on may be passed on again.
            for _ in 0..4 {
                let known = (1..=name.len()).rev().find_map(|n| Some((n, passed_on.get(&name[..n])?)));
                let Some((n, from)) = known.filter(|(n, from)| **from != name[..*n]) else { break };
                name = [from.as_slice(), &name[n..]].concat();
            }
            let Some(used) = file_of(&name).filter(|used| !used.starts_with(&module) && !module.starts_with(used))
            else {
                continue;
            };
            imports.entry(module.clone()).or_default().insert(used);
        }
    }
    imports
}

/// Whether `from` comes to `to` along imports.
fn leads(imports: &Imports, from: &Module, to: &Module) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(module) = open.pop() {
        for next in imports.get(module).into_iter().flatten() {
            if next == to {
                return true;
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}

fn circles(imports: &Imports) -> Vec<String> {
    let mut found = Vec::new();
    for (module, used) in imports {
        for other in used.iter().filter(|other| leads(imports, other, module)) {
            found.push(format!("{} imports {}, which comes back to it", module.join("::"), other.join("::")));
        }
    }
    found
}

#[test]
fn no_two_files_import_each_other_in_a_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    super::files(&root, &mut files);
    let imports = imports(&root, &files);
    // That it sees imports at all, and names that are passed on.
    let sees = |from: &[&str], to: &[&str]| {
        let module = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Module>();
        imports.get(&module(from)).is_some_and(|used| used.contains(&module(to)))
    };
    assert!(sees(&["state"], &["layout", "catalogue"]) && sees(&["data", "store"], &["data", "snapshot"]));
    let circles = circles(&imports);
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn a_circle_is_found() {
    let module = |name: &str| vec![name.to_owned()];
    let mut imports = Imports::new();
    for (from, to) in [("a", "b"), ("b", "c"), ("d", "a")] {
        imports.entry(module(from)).or_default().insert(module(to));
    }
    assert_eq!(circles(&imports), Vec::<String>::new());
    imports.entry(module("c")).or_default().insert(module("a"));
    assert_eq!(circles(&imports).len(), 3);
}
