//! The program as its user meets it: the command line, offscreen, under a Wayland compositor, under X11.

#[path = "common/waiting.rs"]
mod waiting;

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use waiting::wait_for;

const OBZOR: &str = env!("CARGO_BIN_EXE_obzor");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(args: &[&str]) -> Output {
    program().args(args).current_dir(root()).output().unwrap()
}

/// The program where there is no display, and words are English.
fn program() -> Command {
    let mut program = Command::new(OBZOR);
    program.env_remove("WAYLAND_DISPLAY").env_remove("DISPLAY").env("LC_ALL", "C");
    program
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A process that does not outlive the test, with its whole group.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let kill = |signal: &str| Command::new("kill").args([signal, "--", &format!("-{}", self.0.id())]).status();
        let _ = kill("-TERM");
        // Who does not go is made to go: a test that has failed must not wait for ever.
        let end = Instant::now() + Duration::from_secs(10);
        while Instant::now() < end && matches!(self.0.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.0.id())]).status();
        let _ = self.0.wait();
    }
}

fn spawn(command: &mut Command) -> Process {
    Process(command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

/// GETs over plain HTTP; none while nobody answers.
fn get(port: u16, path: &str) -> Option<Vec<u8>> {
    use std::io::Write;
    let mut stream = std::net::TcpStream::connect((own_host(), port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let body = answer.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    answer.starts_with(b"HTTP/1.1 200").then(|| answer[body..].to_vec())
}

/// POSTs JSON over plain HTTP; the status and what was said.
fn post(port: u16, path: &str, body: &str) -> (u16, String) {
    use std::io::Write;
    let mut stream = std::net::TcpStream::connect((own_host(), port)).unwrap();
    let head =
        format!("POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json");
    write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let code = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap();
    (code, answer.split_once("\r\n\r\n").map_or(String::new(), |(_, said)| said.to_owned()))
}

fn status(port: u16) -> Option<serde_json::Value> {
    serde_json::from_slice(&get(port, "/api/v1/status")?).ok()
}

/// An address of loopback that no other test has: nobody can take a port of it in between.
fn own_host() -> std::net::Ipv4Addr {
    let [_, high, middle, low] = std::process::id().to_be_bytes();
    std::net::Ipv4Addr::new(127, 64 + (high & 0x3F), middle, low)
}

/// A port of [`own_host`] that this test has not used yet.
fn free_port() -> u16 {
    static NEXT: std::sync::atomic::AtomicU16 = std::sync::atomic::AtomicU16::new(20_000);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

/// The wall and the layout that each README shows first go together.
#[test]
fn what_a_readme_shows_passes_its_own_check() {
    for readme in ["README.md", "README.ru.md"] {
        let text = std::fs::read_to_string(root().join(readme)).unwrap();
        let snippets: Vec<&str> =
            text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
        let folder = tempfile::tempdir().unwrap();
        for (name, mark) in [("wall.toml", "viewing_distance_m"), ("mine.toml", "[[placement]]")] {
            let snippet = snippets.iter().find(|snippet| snippet.contains(mark)).unwrap();
            std::fs::write(folder.path().join(name), snippet).unwrap();
        }
        let checked = program().args(["check", "wall.toml", "mine.toml"]).current_dir(folder.path()).output().unwrap();
        assert!(checked.status.success(), "{readme}: {}", words(&checked.stderr));
    }
}

#[test]
fn wrong_usage_ends_with_2_and_wrong_files_with_1() {
    assert_eq!(run(&["nonsense"]).status.code(), Some(2));
    assert_eq!(run(&["render", "--size", "5x5", "--out", "x.png"]).status.code(), Some(2));
    assert_eq!(run(&["--help"]).status.code(), Some(0));
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.toml");
    std::fs::write(
        &bad,
        "name = \"x\"\nviewing_distanse_m = 4\ngrid = { columns = 1, rows = 1, pixels = [10, 10], size_mm = [1, 1] }\n",
    )
    .unwrap();
    let bad = bad.to_str().unwrap();
    for args in
        [vec!["check", bad], vec!["run", "--headless", "--wall", bad], vec!["render", "--wall", bad, "--out", "x.png"]]
    {
        let output = run(&args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let text = words(&output.stderr);
        if args[0] != "check" {
            assert!(text.contains("bad.toml:2:1") && text.contains("viewing_distanse_m = 4"), "{text}");
            assert!(text.contains("did you mean `viewing_distance_m`"), "{text}");
        }
    }
    let output = run(&["render", "--layout", "overvew", "--out", "x.png"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output.stderr).contains("did you mean `overview`"), "{}", words(&output.stderr));
}

#[test]
fn files_are_judged_for_people_and_for_tools() {
    let walls = ["2x2", "4x2", "kiosk"].map(|w| format!("layouts/walls/{w}.toml"));
    let good = run(&["check", "layouts/situation-room.toml", &walls[1]]);
    assert_eq!(good.status.code(), Some(0), "{}", words(&good.stderr));
    // On a single kiosk screen the main wall's panels cannot be read.
    let small = run(&["check", "--format", "json", "layouts/situation-room.toml", &walls[2]]);
    assert_eq!(small.status.code(), Some(1));
    let faults: serde_json::Value = serde_json::from_slice(&small.stdout).unwrap();
    assert!(
        faults[0]["line"].as_u64().unwrap() > 1 && faults[0]["message"].as_str().unwrap().contains("needs"),
        "{faults}"
    );
    // Colours are judged without a wall.
    let folder = tempfile::tempdir().unwrap();
    let pale = folder.path().join("pale.toml");
    let text = "name = \"pale\"\ntheme = { colours = { quiet = \"#334455\" } }\ngrid = { columns = 1, rows = 1 }\n\
                [[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.clock = {}\n";
    std::fs::write(&pale, text).unwrap();
    let pale = run(&["check", pale.to_str().unwrap()]);
    let said = words(&pale.stderr);
    assert!(
        pale.status.code() == Some(1) && said.contains("the contrast of `quiet`") && said.contains(":2:"),
        "{said}"
    );
    // A wall's own colours are a fault of the wall's file, with a layout beside it or without.
    let foyer = folder.path().join("foyer.toml");
    let text = "name = \"foyer\"\nviewing_distance_m = 3\ntheme = { colours = { quiet = \"#334455\" } }\n\
                grid = { columns = 1, rows = 1, pixels = [1920, 1080], size_mm = [1209.6, 680.4] }\n";
    std::fs::write(&foyer, text).unwrap();
    for files in [vec![foyer.to_str().unwrap()], vec![foyer.to_str().unwrap(), "layouts/overview.toml"]] {
        let foyer = run(&[&["check"], &files[..]].concat());
        let said = words(&foyer.stderr);
        assert!(said.contains("foyer.toml:3:") && said.matches("the contrast of `quiet`").count() == 1, "{said}");
    }
}

fn text_of_title(title: &str) -> String {
    format!(
        "name = \"a\"\ngrid = {{ columns = 1, rows = 1 }}\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.title = {title}\n"
    )
}

/// All that is wrong in a file is said at once, each at its line; a layout is judged narrowed to a preset.
#[test]
fn every_fault_of_a_file_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let layout = folder.path().join("three.toml");
    let place =
        |column: u8, panel: &str| format!("[[placement]]\ncolumns = [{column}, 1]\nrows = [1, 1]\npanel.{panel}\n");
    let text = format!(
        "name = \"three\"\ngrid = {{ columns = 1, rows = 1 }}\n{}{}{}{}[[preset]]\nname = \"a\"\n",
        place(1, "clok = {}"),
        place(1, "clock = {}"),
        place(2, "clock = {}"),
        place(1, "title = { text = { ru = \"а\", en = \"a\", de = \"a\" } }"),
    );
    std::fs::write(&layout, text).unwrap();
    let judged = run(&["check", layout.to_str().unwrap()]);
    let said = words(&judged.stderr);
    assert_eq!(judged.status.code(), Some(1));
    for line in ["three.toml:6:", "three.toml:11:", "three.toml:18:"] {
        assert!(said.matches(line).count() == 1, "{line}: {said}");
    }
    assert!(said.contains("did you mean `clock`") && said.contains("and no other"), "{said}");
    // By file and by name; what has no presets says so.
    let names = [("layouts/sector.toml/housing", 0), ("layouts/sector.toml/hosing", 1), ("sector/roads", 0)];
    for (name, code) in names.into_iter().chain([("secter", 1), ("layouts/walls/kiosk.toml/a", 1)]) {
        let judged = run(&["check", name, "layouts/walls/laptop.toml"]);
        assert_eq!(judged.status.code(), Some(code), "{name}: {}", words(&judged.stderr));
    }
    // A fault of a layout that a run sheet names is shown in the layout.
    let sheet = folder.path().join("visit.toml");
    std::fs::write(&sheet, "title = \"В\"\n[[step]]\ntitle = \"Раз\"\nlayout = \"three.toml\"\nsecs = 9\n").unwrap();
    let said = words(&run(&["check", sheet.to_str().unwrap()]).stderr);
    assert!(said.contains("three.toml:6:") && said.contains("did you mean `clock`"), "{said}");
    // A year without a table, and a file of another kind.
    let year = folder.path().join("year.toml");
    std::fs::write(&year, text_of_title("{ text = \"Итоги {year}\" }")).unwrap();
    let said = words(&run(&["check", year.to_str().unwrap()]).stderr);
    assert!(said.contains("year.toml:") && said.contains("`year_of`"), "{said}");
    let other = run(&["render", "--source", year.to_str().unwrap(), "--out", "x.png"]);
    assert!(words(&other.stderr).contains("this is a layout"), "{}", words(&other.stderr));
}

/// What a layout names is held against the sites that are given with it, or else, as a note, against the demo region.
#[test]
fn what_a_layout_names_in_vain_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (layout, site) = (folder.path().join("p.toml"), folder.path().join("site.toml"));
    let text = "name = \"p\"\ngrid = { columns = 2, rows = 1 }\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\n\
                panel.table = { dataset = \"outagez\", title = \"Т\", columns = [{ field = \"name\" }] }\n\
                [[placement]]\ncolumns = [2, 2]\nrows = [1, 1]\npanel.feed = { filter = { sector = \"rods\" } }\n\
                [[preset]]\nname = \"a\"\nfilter = { municipality = \"Ключефск\" }\n";
    std::fs::write(&layout, text).unwrap();
    std::fs::write(folder.path().join("points.csv"), "name\nПункт\n").unwrap();
    let source = "[region]\nname = \"Область\"\ntime_zone = \"Europe/Moscow\"\n[[source]]\nname = \"points\"\n\
                  kind = \"csv\"\nfile = \"points.csv\"\ndataset = \"outages\"\n";
    std::fs::write(&site, source).unwrap();
    let alone = run(&["check", layout.to_str().unwrap()]);
    let said = words(&alone.stderr);
    assert_eq!(alone.status.code(), Some(0), "{said}");
    for note in ["no table `outagez`", "no sector `rods`; did you mean `roads`?", "no municipality `Ключефск`"]
    {
        assert!(said.matches(note).count() == 1, "{said}");
    }
    let beside = run(&["check", layout.to_str().unwrap(), site.to_str().unwrap()]);
    let said = words(&beside.stderr);
    assert!(beside.status.code() == Some(1) && said.contains("p.toml:6:27") && said.contains("`outages`"), "{said}");
    // A wall in the place of a layout, and the other way round.
    let other = run(&["render", "--wall", layout.to_str().unwrap(), "--out", "x.png"]);
    assert!(words(&other.stderr).contains("this is a layout"), "{}", words(&other.stderr));
}

/// With a site what is named is held against that site, in the language of whoever asks.
#[test]
fn layouts_and_run_sheets_are_held_against_the_site_that_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let square = "[[[40,55],[41,55],[41,56],[40,56],[40,55]]]";
    file(
        "land.geojson",
        &format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{{\"name\":\"Подольск\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":{square}}}}}]}}"
        ),
    );
    file("a.csv", "id;date\n1;20.11.2026 08:00\n");
    file(
        "site.toml",
        "[region]\nname = \"Р\"\ntime_zone = \"Europe/Moscow\"\nboundaries = \"land.geojson\"\n\
        sectors = [{ code = \"жкх\", name = \"ЖКХ\", icon = \"phnoe\" }]\n\
        [[source]]\nname = \"city\"\nkind = \"open311\"\nurl = \"http://h/\"\nsector = \"жкк\"\n\
        [[source]]\nname = \"sq\"\nkind = \"camera\"\nurl = \"http://h/a.jpg\"\npicture = \"square\"\n",
    );
    let place = |column: u8, panel: &str| {
        format!("[[placement]]\ncolumns = [{column}, {column}]\nrows = [1, 1]\npanel.{panel}\n")
    };
    let panels = [
        "kpi = { cells = [{ dataset = \"power\", name = \"Н\" }, { metric = \"received\", period = \"today\", filter = { sector = \"жкъ\" } }] }",
        "map = { alerts = \"alarms\", look = { municipality = \"Подольскк\" } }",
        "camera = { picture = \"square\", title = \"П\" }",
        "camera = { picture = \"sqare\", title = \"П\" }",
    ];
    let panels: String = panels.iter().zip(1..).map(|(panel, column)| place(column, panel)).collect();
    file("l.toml", &format!("name = \"l\"\ngrid = {{ columns = 4, rows = 1 }}\n{panels}"));
    file(
        "visit.toml",
        "title = \"В\"\n[[step]]\ntitle = \"1\"\nlayout = \"l.toml\"\nsecs = 60\nlook = { municipality = \"Подолск\" }\nnotes = \"\"\n",
    );
    let checked = |locale: &str| {
        let files = ["l.toml", "visit.toml", "site.toml"];
        let output =
            program().arg("check").args(files).current_dir(folder.path()).env("LC_ALL", locale).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        words(&output.stderr)
    };
    let english = checked("C");
    for (fault, place) in [
        ("no source of these files brings the table `power`", "l.toml:6:"),
        ("the site has no sector `жкъ`", "l.toml:6:"),
        ("no source of these files brings the table `alarms`", "l.toml:10:"),
        ("the site has no municipality `Подольскк`", "l.toml:10:"),
        ("no source of these files brings the table `sqare`", "l.toml:18:"),
        ("the site has no municipality `Подолск`", "visit.toml:6:"),
        ("the site has no sector `жкк`", "site.toml:"),
        ("there is no icon `phnoe`", "site.toml:5:"),
    ] {
        let found = english.split("error: ").any(|said| said.starts_with(fault) && said.contains(place));
        assert!(found, "{fault} at {place}: {english}");
    }
    assert!(english.contains("did you mean `Подольск`?") && english.contains("did you mean `phone`?"), "{english}");
    let russian = checked("ru_RU.UTF-8");
    assert!(russian.contains("ошибка: у площадки нет муниципалитета `Подолск`"), "{russian}");
    assert!(russian.contains("может быть, `Подольск`?") && !russian.contains("error: "), "{russian}");
}

/// A source that does not answer is missing in the picture; where none does there is no picture.
#[test]
fn a_picture_is_painted_of_what_answers() {
    let folder = tempfile::tempdir().unwrap();
    let (site, out) = (folder.path().join("site.toml"), folder.path().join("out.png"));
    std::fs::write(folder.path().join("points.csv"), "name,capacity,booked\nПункт,10,4\n").unwrap();
    let down = format!("http://{}:{}/", own_host(), free_port());
    let camera = format!("[[source]]\nname = \"square\"\nkind = \"camera\"\nurl = \"{down}\"\npicture = \"square\"\n");
    let points = "[[source]]\nname = \"points\"\nkind = \"csv\"\nfile = \"points.csv\"\ndataset = \"points\"\n";
    let region = "[region]\nname = \"Область\"\ntime_zone = \"Europe/Moscow\"\n";
    let render = |sources: &[&str]| {
        std::fs::write(&site, [&[region], sources].concat().concat()).unwrap();
        run(&["render", "--size", "640x360", "--source", site.to_str().unwrap(), "--out", out.to_str().unwrap()])
    };
    let partly = render(&[points, &camera]);
    let said = words(&partly.stderr);
    assert!(partly.status.success() && said.contains("no data from square") && out.exists(), "{said}");
    let nothing = render(&[&camera]);
    assert_eq!(nothing.status.code(), Some(1));
    // And wrong words on the command line are said with what to write.
    for (args, help) in [
        (["render", "--out", "wall.bmp"], ".png"),
        (["render", "--out=a.png", "--at=2026-11-20"], "2026-11-20T14:05:12+03:00"),
    ] {
        let wrong = run(&args);
        assert!(wrong.status.code() == Some(2) && words(&wrong.stderr).contains(help), "{}", words(&wrong.stderr));
    }
}

#[test]
fn a_picture_of_a_moment_is_the_same_every_time() {
    let folder = tempfile::tempdir().unwrap();
    let render = |name: &str| {
        let path = folder.path().join(name);
        let out =
            run(&["render", "--size", "960x540", "--at", "2026-11-20T14:05:12+03:00", "--out", path.to_str().unwrap()]);
        assert!(out.status.success(), "{}", words(&out.stderr));
        std::fs::read(path).unwrap()
    };
    assert!(render("a.png") == render("b.png"));
    let series = folder.path().join("s.png");
    let args = [
        "render",
        "--size",
        "640x360",
        "--frames",
        "3",
        "--every",
        "2",
        "--at",
        "2026-11-20T14:05:12+03:00",
        "--out",
        series.to_str().unwrap(),
    ];
    assert!(run(&args).status.success());
    assert!(folder.path().join("s-0002.png").exists());
    // One output of a wall is its part of the whole.
    let part = folder.path().join("part.png");
    let args = [
        "render",
        "--wall",
        "layouts/walls/2x2.toml",
        "--output",
        "1-2",
        "--at",
        "2026-11-20T14:05:12+03:00",
        "--out",
        part.to_str().unwrap(),
    ];
    assert!(run(&args).status.success());
    assert_eq!(image::image_dimensions(&part).unwrap(), (1920, 1080));
}

/// Offscreen: the view shows the wall, a saved layout is taken over, a broken one is refused, and a backend
/// that is killed and comes back is survived with the last good picture on the wall.
#[test]
fn a_wall_without_a_display_lives_through_its_day() {
    let folder = tempfile::tempdir().unwrap();
    let layout = folder.path().join("mine.toml");
    let text = |title: &str| {
        format!(
            "name = \"mine\"\ngrid = {{ columns = 2, rows = 1 }}\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.feed = {{ title = \"{title}\" }}\n\
             [[placement]]\ncolumns = [2, 2]\nrows = [1, 1]\npanel.map = {{ heat = {{ period = \"365-days\" }} }}\n"
        )
    };
    std::fs::write(&layout, text("Один")).unwrap();
    let (backend_port, view_port) = (free_port(), free_port());
    let listen = format!("{}:{backend_port}", own_host());
    let backend = || spawn(Command::new(OBZOR).args(["demo-backend", "--listen", &listen]));
    let first = backend();
    let errors = folder.path().join("stderr");
    let mut command = Command::new(OBZOR);
    command
        .args(["run", "--headless", "--layout", layout.to_str().unwrap(), "--source", &format!("http://{listen}/")])
        .args(["--view", &format!("{}:{view_port}", own_host())])
        .process_group(0)
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&errors).unwrap());
    let _wall = Process(command.spawn().unwrap());
    wait_for("data on the wall", || status(view_port).filter(|s| s["appeals"].as_u64() > Some(900_000)));
    let png = wait_for("the picture", || get(view_port, "/wall.png"));
    assert_eq!(image::load_from_memory(&png).unwrap().width(), 1920);
    assert!(get(view_port, "/view").is_some_and(|page| words(&page).contains("/wall.mjpeg")));
    // What is under a finger is told: the land and the appeals of the map around it, or the panel alone.
    let pick = |at: &str| {
        get(view_port, &format!("/api/v1/pick?{at}")).map(|b| serde_json::from_slice::<serde_json::Value>(&b).unwrap())
    };
    let found = pick("x=1440&y=540").unwrap();
    assert_eq!(found["panel"], "map");
    let place = &found["place"];
    assert!(place["municipality"].is_string() && place["square_km"].as_f64() > Some(0.1), "{found}");
    let (count, newest) = (place["appeals"].as_u64().unwrap(), place["newest"].as_array().unwrap());
    assert!(count > 0 && newest.len() as u64 == count.min(20) && newest[0]["topic"].is_string(), "{found}");
    assert_eq!(pick("x=300&y=540").unwrap(), serde_json::json!({ "panel": "feed" }));
    assert!(pick("x=-10&y=540").is_none() && pick("x=1440").is_none());
    // Maps are told what to look at, and what is not there is refused with what was meant.
    let order = |command: &str| post(view_port, "/api/v1/orders", &format!("{{\"command\": {command}}}"));
    let (code, said) = order(r#"{"look": {"to": {"municipality": "Ключевсг"}}}"#);
    assert!(code == 422 && said.contains("`Ключевск`"), "{code} {said}");
    let (code, said) = order(r#"{"look": {"to": "nowhere"}}"#);
    assert!(code == 422 && said.contains("unknown variant"), "{code} {said}");
    let (code, said) = order(r#"{"look": {"to": {"municipality": "Ключевск"}, "secs": 0.5}}"#);
    assert_eq!(code, 200, "{said}");
    // The address where such orders were given says where they are given now.
    let (code, said) = post(view_port, "/look", "{}");
    assert!(code == 410 && said.contains("/api/v1/orders"), "{code} {said}");
    assert_eq!(status(view_port).unwrap()["state"]["camera"][0]["to"]["municipality"], "Ключевск");
    // A good layout is taken over by a transition, at once.
    std::fs::write(&layout, text("Два")).unwrap();
    wait_for("the saved layout", || status(view_port).filter(|s| s["state"]["version"] == 1));
    // A broken one is refused, with its place; the picture stays.
    std::fs::write(&layout, "name = \"mine\"\ngrid = { colums = 1 }\n").unwrap();
    wait_for("the complaint", || {
        std::fs::read_to_string(&errors).ok().filter(|e| e.contains("did you mean `columns`"))
    });
    assert_eq!(status(view_port).unwrap()["state"]["version"], 1);
    // The backend goes and comes back.
    drop(first);
    wait_for("the loss to be noticed", || status(view_port).filter(|s| !s["lost_since_secs"].is_null()));
    assert!(status(view_port).unwrap()["appeals"].as_u64() > Some(900_000), "the last good data stays");
    let _second = backend();
    wait_for("the backend's return", || status(view_port).filter(|s| s["lost_since_secs"].is_null()));
}

/// A visit: its steps follow one another as the speaker says, or by their time; what is wrong in a sheet is shown.
#[test]
fn a_visit_goes_by_its_run_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own.toml");
    let clock = "name = \"own\"\ngrid = { columns = 1, rows = 1 }\n[[placement]]\ncolumns = [1, 1]\nrows = [1, 1]\npanel.clock = {}\n";
    std::fs::write(&own, clock).unwrap();
    let sheet = folder.path().join("visit.toml");
    let text = |advance: &str| {
        format!(
            "title = {{ ru = \"Визит\", en = \"A visit\" }}\nadvance = \"{advance}\"\n\
             [[step]]\ntitle = \"Раз\"\nlayout = \"overview\"\nsecs = 3\nlook = {{ municipality = \"Ключевск\" }}\nnotes = \"Здравствуйте.\"\n\
             [[step]]\ntitle = \"Два\"\nlayout = \"own.toml\"\nsecs = 600\n"
        )
    };
    let started = |port: u16, more: &[&str]| {
        let (sheet, view) = (sheet.to_str().unwrap(), format!("{}:{port}", own_host()));
        spawn(
            Command::new(OBZOR)
                .args(["run", "--headless", "--no-keep", "--run-sheet", sheet, "--view", &view])
                .args(more),
        )
    };
    let told =
        |port: u16| -> Option<serde_json::Value> { serde_json::from_slice(&get(port, "/api/v1/run-sheet")?).ok() };
    std::fs::write(&sheet, text("by-hand")).unwrap();
    let port = free_port();
    let wall = started(port, &["--language", "en"]);
    let first = wait_for("the first step", || told(port));
    assert_eq!((&first["title"], &first["step"]), (&"A visit".into(), &1.into()), "{first}");
    assert_eq!(first["steps"][0]["notes"], "Здравствуйте.");
    let looks_at = |port: u16| status(port).map(|s| s["state"]["camera"][0]["to"]["municipality"].clone());
    wait_for("the first look", || looks_at(port).filter(|name| name == "Ключевск"));
    let shown = |port: u16| status(port).unwrap()["layout"]["name"].as_str().unwrap().to_owned();
    for (to, step, layout) in [
        ("\"previous\"", 1, "overview"),
        ("\"next\"", 2, "own.toml"),
        ("\"next\"", 2, "own.toml"),
        ("1", 1, "overview"),
        ("2", 2, "own.toml"),
    ] {
        let (code, said) = post(port, "/api/v1/orders", &format!("{{\"command\": {{\"step\": {to}}}}}"));
        assert_eq!((code, told(port).unwrap()["step"].as_u64()), (200, Some(step)), "{to}: {said}");
        assert!(shown(port).ends_with(layout), "{to}: {}", shown(port));
    }
    // With the new picture no map flies on.
    assert_eq!(status(port).unwrap()["state"]["camera"], serde_json::json!([]));
    let (code, said) = post(port, "/api/v1/orders", "{\"command\": {\"step\": 3}}");
    assert!(code == 422 && said.contains("1 to 2"), "{code} {said}");
    // The layout of a step is taken over when it is saved.
    let digest = |port: u16| status(port).unwrap()["layout"]["digest"].clone();
    let first = digest(port);
    std::fs::write(&own, clock.replace("panel.clock = {}", "panel.text = { headline = \"Добро пожаловать\" }"))
        .unwrap();
    wait_for("the saved layout", || Some(digest(port)).filter(|digest| *digest != first));
    // So is the sheet itself; a wrong one is refused.
    std::fs::write(&sheet, text("by-hand").replace("Два", "Второй")).unwrap();
    wait_for("the saved sheet", || told(port).filter(|sheet| sheet["steps"][1]["title"] == "Второй"));
    std::fs::write(&sheet, text("by-hand").replace("secs = 600", "secs = 1")).unwrap();
    std::fs::write(&own, clock).unwrap();
    wait_for("the layout saved after it", || Some(digest(port)).filter(|digest| *digest == first));
    assert_eq!(told(port).unwrap()["steps"][1]["title"], "Второй");
    drop(wall);
    // By time.
    std::fs::write(&sheet, text("by-time")).unwrap();
    let port = free_port();
    let wall = started(port, &[]);
    wait_for("the second step", || told(port).filter(|sheet| sheet["step"] == 2));
    drop(wall);
    // What is wrong is said at its place, before anything starts.
    std::fs::write(&sheet, text("by-hand").replace("own.toml", "none.toml")).unwrap();
    let output = Command::new(OBZOR).args(["check", sheet.to_str().unwrap()]).output().unwrap();
    let said = words(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains("none.toml") && said.contains("visit.toml:11"), "{said}");
    std::fs::write(&sheet, text("by-hand").replace("own.toml", "own.toml/evening")).unwrap();
    let said = words(&Command::new(OBZOR).args(["check", sheet.to_str().unwrap()]).output().unwrap().stderr);
    assert!(said.contains("no preset `evening`") && said.contains("visit.toml:11"), "{said}");
}

/// The wall is killed while it writes, and started again while its backend is down: what it last knew is
/// there, stamped with its age; when the backend is back it catches up.
#[test]
fn the_last_known_picture_is_shown_without_a_backend() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept.sqlite");
    let (backend_port, view_port) = (free_port(), free_port());
    let listen = format!("{}:{backend_port}", own_host());
    let backend = || spawn(Command::new(OBZOR).args(["demo-backend", "--listen", &listen]));
    let wall = || {
        let mut command = Command::new(OBZOR);
        command.args(["run", "--headless", "--source", &format!("http://{listen}/"), "--keep", kept.to_str().unwrap()]);
        command.args(["--view", &format!("{}:{view_port}", own_host())]);
        spawn(&mut command)
    };
    let loaded = |status: &serde_json::Value| status["appeals"].as_u64() > Some(900_000);
    let first_backend = backend();
    let first = wall();
    wait_for("data on the wall", || status(view_port).filter(loaded));
    // The first writing takes a few seconds; afterwards the file has its rows.
    wait_for("the data on disk", || {
        let database = rusqlite::Connection::open(&kept).ok()?;
        let count: u32 = database.query_row("SELECT count(*) FROM appeal", [], |row| row.get(0)).ok()?;
        (count > 900_000).then_some(())
    });
    let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", first.0.id())]).status();
    drop(first);
    drop(first_backend);
    let _second = wall();
    let shown = wait_for("the last known picture", || status(view_port).filter(loaded));
    assert!(shown["measures"].as_u64() > Some(5), "{shown}");
    assert!(get(view_port, "/wall.png").is_some());
    let old = shown["data_until_secs"].as_i64().unwrap();
    let _again = backend();
    wait_for("the wall to catch up", || status(view_port).filter(|s| s["data_until_secs"].as_i64() > Some(old + 2)));
}

/// A headless sway of its own, run by a user that is not root.
struct Sway {
    folder: PathBuf,
    _process: Process,
}

impl Sway {
    fn as_user(program: &str) -> Command {
        let root = words(&Command::new("id").arg("-u").output().unwrap().stdout).trim() == "0";
        if root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", program]);
            command
        } else {
            Command::new(program)
        }
    }

    fn start() -> Option<Self> {
        for tool in ["sway", "grim", "swaymsg"] {
            if Command::new(tool).arg("--version").output().is_err() && Command::new(tool).arg("-h").output().is_err() {
                eprintln!("SKIPPED: {tool} is not installed");
                return None;
            }
        }
        let folder = tempfile::tempdir().unwrap().keep();
        let _ = Command::new("chmod").args(["0777", folder.to_str().unwrap()]).status();
        let runtime = folder.join("run");
        let made = Self::as_user("mkdir").args(["-m", "0700", runtime.to_str().unwrap()]).status().unwrap();
        assert!(made.success());
        std::fs::write(folder.join("config"), "default_border none\n").unwrap();
        let process = spawn(
            Self::as_user("sway")
                .args(["-c", folder.join("config").to_str().unwrap()])
                .env("XDG_RUNTIME_DIR", &runtime)
                .env("HOME", &folder)
                .env("WLR_BACKENDS", "headless")
                .env("WLR_HEADLESS_OUTPUTS", "4")
                .env("WLR_RENDERER", "pixman")
                .env("WLR_LIBINPUT_NO_DEVICES", "1")
                .env_remove("WAYLAND_DISPLAY")
                .env_remove("DISPLAY"),
        );
        let sway = Self { folder, _process: process };
        wait_for("sway", || sway.socket());
        for index in 0..4 {
            sway.message(&format!(
                "output HEADLESS-{} enable mode --custom 1920x1080@60Hz position {} {}",
                index + 1,
                1920 * (index % 2),
                1080 * (index / 2)
            ));
        }
        Some(sway)
    }

    fn runtime(&self) -> PathBuf {
        self.folder.join("run")
    }

    fn sockets(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.runtime()) else { return Vec::new() };
        let paths = entries.filter_map(Result::ok).map(|e| e.path());
        paths.filter(|p| p.to_string_lossy().contains("sway-ipc")).collect()
    }

    fn socket(&self) -> Option<PathBuf> {
        self.sockets().into_iter().next()
    }

    fn message(&self, message: &str) {
        let sent =
            Self::as_user("swaymsg").arg("-s").arg(self.socket().unwrap()).arg("--").arg(message).output().unwrap();
        assert!(sent.status.success(), "{message}: {}", words(&sent.stdout));
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Self::as_user(program);
        command
            .env("XDG_RUNTIME_DIR", self.runtime())
            .env("WAYLAND_DISPLAY", "wayland-1")
            .env("HOME", &self.folder)
            .env_remove("DISPLAY");
        command
    }

    fn screenshot(&self, output: &str) -> Option<image::RgbaImage> {
        let path = self.runtime().join(format!("{output}.png"));
        let taken = self.client("grim").args(["-o", output]).arg(&path).stderr(Stdio::null()).status().ok()?;
        taken.success().then(|| image::open(&path).ok().map(image::DynamicImage::into_rgba8)).flatten()
    }
}

/// Whether two pictures are the same but for what moves: most of their pixels agree.
fn alike(a: &image::RgbaImage, b: &image::RgbaImage) -> bool {
    if a.dimensions() != b.dimensions() {
        return false;
    }
    let same = a.pixels().zip(b.pixels()).filter(|(x, y)| (0..3).all(|i| x.0[i].abs_diff(y.0[i]) <= 8)).count();
    same as f64 / f64::from(a.width() * a.height()) > 0.97
}

fn readable_copy(folder: &Path) -> PathBuf {
    // The target directory may lie where only its owner looks.
    let copy = folder.join("obzor");
    std::fs::copy(OBZOR, &copy).unwrap();
    let _ = Command::new("chmod").args(["0755", copy.to_str().unwrap()]).status();
    copy
}

/// The outputs that are lit, in order of their names.
fn names(status: &serde_json::Value) -> Vec<String> {
    let lit = status["outputs"].as_array().unwrap();
    let mut names: Vec<String> = lit.iter().map(|n| n.as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn under_sway_every_output_shows_its_part() {
    let Some(sway) = Sway::start() else { return };
    let program = readable_copy(&sway.folder);
    let port = free_port();
    let _wall =
        spawn(sway.client(program.to_str().unwrap()).args(["run", "--view", &format!("{}:{port}", own_host())]));
    wait_for("data on the wall", || status(port).filter(|s| s["appeals"].as_u64() > Some(900_000)));
    let all = ["HEADLESS-1", "HEADLESS-2", "HEADLESS-3", "HEADLESS-4"];
    assert_eq!(names(&status(port).unwrap()), all);
    let shows_its_part = |output: &str| {
        wait_for(&format!("{output} to show its part"), || {
            let own = image::load_from_memory(&get(port, &format!("/outputs/{output}.png"))?).ok()?.into_rgba8();
            let seen = sway.screenshot(output)?;
            alike(&own, &seen).then_some(())
        });
    };
    all.iter().for_each(|output| shows_its_part(output));
    // Another mode: the picture follows.
    sway.message("output HEADLESS-2 mode --custom 1280x720@60Hz");
    wait_for("the new mode", || {
        let own = image::load_from_memory(&get(port, "/outputs/HEADLESS-2.png")?).ok()?;
        (own.width() == 1280).then_some(())
    });
    shows_its_part("HEADLESS-2");
    shows_its_part("HEADLESS-1");
}

/// A surface and then the device are lost while the wall runs, the backend is killed and comes back: the
/// outputs show their parts all the time.
#[test]
fn under_sway_lost_surfaces_devices_and_backends_are_survived() {
    let Some(sway) = Sway::start() else { return };
    let program = readable_copy(&sway.folder);
    let (backend_port, view_port) = (free_port(), free_port());
    let listen = format!("{}:{backend_port}", own_host());
    let backend = || spawn(Command::new(OBZOR).args(["demo-backend", "--listen", &listen]));
    let first = backend();
    wait_for("the backend", || std::net::TcpStream::connect(&listen).ok());
    let errors = sway.folder.join("stderr");
    let mut command = sway.client(program.to_str().unwrap());
    command
        .args(["run", "--source", &format!("http://{listen}/"), "--view", &format!("{}:{view_port}", own_host())])
        .env("OBZOR_FAULTS", "surface@30,device@60")
        .process_group(0)
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&errors).unwrap());
    let _wall = Process(command.spawn().unwrap());
    wait_for("data on the wall", || status(view_port).filter(|s| s["appeals"].as_u64() > Some(900_000)));
    let told = |what: &str| std::fs::read_to_string(&errors).is_ok_and(|log| log.contains(what));
    wait_for("the surfaces' loss", || told("its surface is lost").then_some(()));
    wait_for("the new device", || status(view_port).filter(|s| s["counts"]["rebuilt"] == 1));
    let shows_its_part = |output: &str| {
        wait_for(&format!("{output} to show its part"), || {
            let own = image::load_from_memory(&get(view_port, &format!("/outputs/{output}.png"))?).ok()?.into_rgba8();
            alike(&own, &sway.screenshot(output)?).then_some(())
        });
    };
    ["HEADLESS-1", "HEADLESS-2", "HEADLESS-3", "HEADLESS-4"].iter().for_each(|output| shows_its_part(output));
    drop(first);
    wait_for("the loss to be noticed", || status(view_port).filter(|s| !s["lost_since_secs"].is_null()));
    assert!(status(view_port).unwrap()["appeals"].as_u64() > Some(900_000), "the last good data stays");
    shows_its_part("HEADLESS-1");
    let _second = backend();
    wait_for("the backend's return", || status(view_port).filter(|s| s["lost_since_secs"].is_null()));
    shows_its_part("HEADLESS-4");
}

/// A headless output cannot be taken away from sway, a window of a sway within a sway can: closing it is
/// pulling its plug.
#[test]
fn outputs_come_and_go_without_touching_the_others() {
    let Some(outer) = Sway::start() else { return };
    let known = outer.sockets();
    let _inner = spawn(
        outer
            .client("sway")
            .args(["-c", outer.folder.join("config").to_str().unwrap()])
            .env("WLR_BACKENDS", "wayland")
            .env("WLR_WL_OUTPUTS", "3")
            .env("WLR_RENDERER", "pixman"),
    );
    let inner = wait_for("the inner sway", || outer.sockets().into_iter().find(|s| !known.contains(s)));
    wait_for("its display", || outer.runtime().join("wayland-2").exists().then_some(()));
    let tell = |socket: &Path, message: &str| {
        // A window is named a moment after it is there.
        wait_for(message, || {
            let sent = Sway::as_user("swaymsg").arg("-s").arg(socket).arg("--").arg(message).output().unwrap();
            sent.status.success().then_some(())
        });
    };
    let program = readable_copy(&outer.folder);
    let port = free_port();
    let mut wall = outer.client(program.to_str().unwrap());
    wall.env("WAYLAND_DISPLAY", "wayland-2").args(["run", "--view", &format!("{}:{port}", own_host())]);
    let _wall = spawn(&mut wall);
    wait_for("data on the wall", || status(port).filter(|s| s["appeals"].as_u64() > Some(900_000)));
    let lit = |wanted: &[&str]| {
        wait_for(&format!("{wanted:?} to be lit"), || status(port).filter(|s| names(s) == wanted));
    };
    lit(&["WL-1", "WL-2", "WL-3"]);
    tell(&known[0], "[title=\"WL-2\"] kill");
    lit(&["WL-1", "WL-3"]);
    tell(&inner, "create_output");
    lit(&["WL-1", "WL-3", "WL-4"]);
    // The outer sway tiles its windows anew: the first output has another mode, and is painted a frame later.
    wait_for("the first output's picture", || get(port, "/outputs/WL-1.png"));
}

#[test]
fn under_x11_the_wall_is_shown() {
    if Command::new("Xvfb").arg("-help").output().is_err() {
        eprintln!("SKIPPED: Xvfb is not installed");
        return;
    }
    let display = 90 + u32::from(std::process::id() as u16 % 900);
    let name = format!(":{display}");
    let _server = spawn(Command::new("Xvfb").args([&name, "-screen", "0", "1280x720x24", "-nolisten", "tcp"]));
    wait_for("Xvfb", || Path::new(&format!("/tmp/.X11-unix/X{display}")).exists().then_some(()));
    let port = free_port();
    let mut wall = Command::new(OBZOR);
    wall.args(["run", "--view", &format!("{}:{port}", own_host())]).env("DISPLAY", &name).env_remove("WAYLAND_DISPLAY");
    let _wall = spawn(&mut wall);
    let status = wait_for("data on the wall", || status(port).filter(|s| s["appeals"].as_u64() > Some(900_000)));
    assert_eq!(status["outputs"].as_array().unwrap().len(), 1);
    let listed =
        Command::new(OBZOR).arg("outputs").env("DISPLAY", &name).env_remove("WAYLAND_DISPLAY").output().unwrap();
    assert!(words(&listed.stdout).contains("1280 × 720"), "{}", words(&listed.stdout));
}
