//! The command line, nothing else.

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use obzor::app::ctl::{self, Ctl};
use obzor::app::option_values::{condition, lang, moment, png, size, source};
use obzor::app::region_import::{self, Import};
use obzor::app::render_png::{self, PngOptions};
use obzor::app::{
    Keep, RunOptions, SourceChoice, View, WallChoice, alarms_command, backend, check, error_text, headless, help, log,
    outputs, schedule_command, session, shell, try_source, usage_error, windows,
};
use obzor::clock::{Clock, Moment};
use obzor::data::Condition;
use obzor::geometry::PixelSize;
use obzor::language::{Lang, Sentence};
use obzor::layout::{self, Catalogue};
use obzor::runsheet;
use obzor::sentence;
use obzor::wall::Wall;

/// Wastes nothing at the size of a column of a chunk, and gives back what a load or a measuring took.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Free pages go back to the system soon: a wall loads once a day and rests. The allocator reads it under this name.
#[unsafe(export_name = "malloc_conf")]
static ALLOCATOR_SETTINGS: &[u8; 37] = b"dirty_decay_ms:300,muzzy_decay_ms:0\0\0";

/// Drives the video wall of a management centre.
///
/// Without a command's options a demo wall is shown: a fictional region with a year of citizens' appeals,
/// served by an embedded backend. Exit codes: 0 well, 1 a file or a backend is wrong, 2 wrong usage.
#[derive(Parser)]
#[command(name = "obzor", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Subcommand)]
enum Commands {
    /// Shows the wall on every output of the session
    Run(Run),
    /// Renders the same picture without a display, as PNG
    Render(Render),
    /// Judges wall, layout, site, run sheet and operation files
    Check(Check),
    /// Lists what is connected: connector, resolution, refresh rate, EDID identity, physical size
    Outputs,
    /// Shows a giant name, the resolution and a test pattern on each output
    Identify {
        /// The wall file; by default the outputs as the desktop arranges them
        #[arg(long, value_name = "FILE")]
        wall: Option<PathBuf>,
    },
    /// Serves the demo region over the native API
    DemoBackend(DemoBackend),
    /// Operates a running wall
    Ctl(Ctl),
    /// Says a day as it is planned, and why; imports meetings
    Schedule(schedule_command::Schedule),
    /// Tries the rules of alarms over history, and those who are told
    #[command(subcommand)]
    Alarms(alarms_command::AlarmsCommand),
    /// Looks after the journal of a wall
    #[command(subcommand)]
    Journal(JournalCommands),
    /// Writes what completes the commands of a shell, to its standard output
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Writes the manual page, to its standard output
    Man,
    /// Looks after regions
    #[command(subcommand)]
    Region(RegionCommands),
    /// Looks after sources of data
    #[command(subcommand)]
    Source(SourceCommands),
}

#[derive(Subcommand)]
enum JournalCommands {
    /// Proves that no record was changed or taken out
    Verify {
        /// The journal: a file that ends in .journal.sqlite, beside the archive
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum RegionCommands {
    /// Makes a region pack of boundaries: judged, names tidied, simplified at three scales without cracks
    Import {
        /// The boundaries, GeoJSON
        #[arg(value_name = "FILE.geojson")]
        file: PathBuf,
        /// The property that holds the municipalities' names; by default `name`, `district` or the first text
        #[arg(long, value_name = "F")]
        name_field: Option<String>,
        /// Other names of municipalities: a TOML file of lines such as "Ключи" = "Ключевск"
        #[arg(long, value_name = "FILE")]
        aliases: Option<PathBuf>,
        /// The pack
        #[arg(long, value_name = "FILE", default_value = "region.geojson")]
        out: PathBuf,
    },
}

#[derive(Subcommand)]
enum SourceCommands {
    /// Asks each source of a file once: what came, what was mapped, what was set aside and why
    Test {
        /// The site's file, or a wall's file with [[source]] tables
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Writes the names of municipalities that the region does not have, to be completed as aliases
        #[arg(long, value_name = "FILE.toml")]
        unknown_names: Option<PathBuf>,
    },
}

#[derive(clap::Args)]
struct Run {
    /// The wall file; by default the outputs as the desktop arranges them
    #[arg(long, value_name = "FILE")]
    wall: Option<PathBuf>,
    /// The layout: a built-in name, NAME/PRESET, or a file; by default the one that suits the wall's shape
    #[arg(long, value_name = "NAME")]
    layout: Option<String>,
    /// The steps of a visit: `governors-visit`, or a file; the tablet's page has its notes
    #[arg(long, value_name = "NAME|FILE", conflicts_with = "layout")]
    run_sheet: Option<String>,
    /// The language of the wall
    #[arg(long, default_value = "ru", value_parser = ["ru", "en"])]
    language: String,
    /// A native backend's address, or a site's file with [[source]] tables; by default those of the wall file,
    /// else the embedded demo backend
    #[arg(long, value_name = "URL|FILE", value_parser = source)]
    source: Option<SourceChoice>,
    /// Keeps the last good data in this file; by default in the user's state folder, one file a site
    #[arg(long, value_name = "FILE", conflicts_with = "no_keep")]
    keep: Option<PathBuf>,
    /// Keeps nothing on disk
    #[arg(long)]
    no_keep: bool,
    /// In windows instead of over whole outputs
    #[arg(long, conflicts_with = "headless")]
    windowed: bool,
    /// On offscreen outputs; chosen by itself where there is no display
    #[arg(long)]
    headless: bool,
    /// Where the wall is operated and seen on this machine; by default 127.0.0.1:7474
    #[arg(long, value_name = "ADDR")]
    view: Option<SocketAddr>,
    /// How the wall is operated: who may what, and over which addresses
    #[arg(long, value_name = "FILE", overrides_with = "operation")]
    operation: Option<PathBuf>,
    /// The seed of the demo region
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What the wall's clock shows at the start, as 2026-11-20T14:05:12+03:00; by default the time it is
    #[arg(long, value_name = "TIME", value_parser = moment)]
    now: Option<Timestamp>,
    /// Ends by itself after this many seconds
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<f64>,
}

#[derive(clap::Args)]
struct Render {
    /// The wall file; by default one output of --size
    #[arg(long, value_name = "FILE")]
    wall: Option<PathBuf>,
    /// The layout: a built-in name, NAME/PRESET, or a file; by default the one that suits the wall's shape
    #[arg(long, value_name = "NAME")]
    layout: Option<String>,
    /// A native backend's address, or a site's file with [[source]] tables; by default those of the wall file,
    /// else the embedded demo backend
    #[arg(long, value_name = "URL|FILE", value_parser = source)]
    source: Option<SourceChoice>,
    /// The moment, as 2026-11-20T14:05:12+03:00; by default now
    #[arg(long, value_name = "TIME", value_parser = moment)]
    at: Option<Timestamp>,
    /// One output of the wall, instead of all of it
    #[arg(long, value_name = "NAME", requires = "wall")]
    output: Option<String>,
    /// The size in pixels of a wall without a file; its smallest type is a 27th of its height
    #[arg(long, value_name = "WxH", default_value = "3840x1080", value_parser = size, conflicts_with = "wall")]
    size: PixelSize,
    /// What it is painted with, whatever the wall file says
    #[arg(long, value_parser = ["dark", "light", "contrast"])]
    theme: Option<String>,
    /// The language of its words
    #[arg(long, default_value = "ru", value_parser = ["ru", "en"])]
    language: String,
    /// With its data as it would be: `stale`, a minute behind; `old`, hours; `lost` with its backend; `empty`, a backend
    /// that has nothing; `long`, every name three times as long
    #[arg(long, value_name = "CONDITION", value_parser = condition)]
    data: Option<Condition>,
    /// The seed of the demo region
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A numbered series of this many pictures
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    frames: u32,
    /// From one picture of a series to the next
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    every: f64,
    /// The PNG file
    #[arg(long, value_name = "FILE.png", value_parser = png)]
    out: PathBuf,
}

#[derive(clap::Args)]
struct Check {
    /// Wall, layout, site, run sheet and operation files; whether layouts can be read is judged on the walls among them
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How faults are written
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: with the line and what to write instead
    Text,
    /// For tools: one JSON array
    Json,
}

#[derive(clap::Args)]
struct DemoBackend {
    /// Where to listen
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7400")]
    listen: SocketAddr,
    /// The seed of the region's life
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What its clock shows at the start
    #[arg(long, value_name = "TIME", value_parser = moment)]
    now: Option<Timestamp>,
    /// Seconds that pass for each second
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    speed: f64,
}

fn main() -> ExitCode {
    if std::env::var_os("WAYLAND_DISPLAY").is_none() && std::env::var_os("DISPLAY").is_none() {
        // Without a display, a layer of Mesa's looks for one and complains of what it does not find.
        // SAFETY: no other thread has been started yet that might read the environment.
        unsafe { std::env::set_var("NODEVICE_SELECT", "1") };
    }
    // What the graphics stack says to itself drowns all else; whoever wants it names it.
    let quiet = "naga=warn,wgpu_core=warn,wgpu_hal=warn,winit=warn,cosmic_text=warn,hyper_util=info,h2=info";
    let asked = std::env::var("OBZOR_LOG").map(|asked| format!("{quiet},{asked}"));
    let filter = asked.ok().and_then(|filter| tracing_subscriber::EnvFilter::try_new(filter).ok());
    let filter = filter.unwrap_or_else(|| "warn,obzor=info,rustls_platform_verifier=off".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(log::Log)
        .with_target(false)
        .init();
    log::catch_panics();
    let lang = Lang::of_environment();
    let read = help::localized(Cli::command(), lang).try_get_matches_from(help::as_option(std::env::args_os()));
    let cli = read.and_then(|read| Cli::from_arg_matches(&read)).unwrap_or_else(|error| {
        match usage_error::in_lang(&error, lang) {
            Some(fault) => {
                log::say(fault.trim_end());
                log::flush();
                std::process::exit(error.exit_code());
            }
            None => error.exit(),
        }
    });
    let code = match dispatch(cli.command) {
        Ok(code) => code,
        Err(error) => {
            let text = error_text::error_text(&error, lang);
            // A fault of a file is shown as it is.
            let is_fault = error_text::fault_of(&error).is_some();
            log::say(&if is_fault { text } else { sentence!("error", what = text).to(lang) });
            ExitCode::from(1)
        }
    };
    log::flush();
    code
}

fn dispatch(command: Commands) -> Result<ExitCode> {
    match command {
        Commands::Run(run) => run_wall(run)?,
        Commands::Render(render) => render_wall(render)?,
        Commands::Check(check) => return check_files(&check),
        Commands::Outputs => list_outputs()?,
        Commands::Identify { wall } => {
            let options = RunOptions {
                wall: wall.map_or(WallChoice::Desktop, WallChoice::File),
                layout: None,
                run_sheet: None,
                lang: Lang::Ru,
                source: None,
                keep: Keep::Off,
                seed: 1,
                windowed: false,
                identify: true,
                view: View::Off,
                operation: None,
                clock: Clock::system(),
            };
            if !has_display() {
                bail!(
                    "there is no display session to show names on: start it in one, or set WAYLAND_DISPLAY or DISPLAY"
                );
            }
            windows::run(options)?;
        }
        Commands::DemoBackend(demo) => serve_demo(&demo)?,
        Commands::Ctl(ctl) => return ctl::run(ctl),
        Commands::Alarms(command) => return alarms_command::run(command),
        Commands::Schedule(schedule) => schedule_command::run(schedule)?,
        Commands::Journal(JournalCommands::Verify { file }) => return shell::verify_journal(&file),
        Commands::Completions { shell } => shell::completions(Cli::command(), shell),
        Commands::Man => shell::man(help::localized(Cli::command(), Lang::of_environment()))?,
        Commands::Source(SourceCommands::Test { file, unknown_names }) => {
            return try_source::run(&file, unknown_names.as_deref());
        }
        Commands::Region(RegionCommands::Import { file, name_field, aliases, out }) => {
            return region_import::run(&Import { file, name_field, aliases, out });
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn has_display() -> bool {
    let named = |variable: &&str| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
    ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"].iter().any(named)
}

fn run_wall(run: Run) -> Result<()> {
    let offscreen = run.headless || !has_display();
    let clock = run.now.map_or_else(Clock::system, |now| Clock::starting_at(now.into(), 1.0));
    let options = RunOptions {
        wall: run.wall.map_or(WallChoice::Desktop, WallChoice::File),
        layout: run.layout,
        run_sheet: run.run_sheet.as_deref().map(runsheet::load).transpose()?,
        lang: lang(&run.language),
        source: run.source,
        keep: match run.keep {
            Some(path) => Keep::At(path),
            None if run.no_keep => Keep::Off,
            None => Keep::Usual,
        },
        seed: run.seed,
        windowed: run.windowed,
        identify: false,
        view: run.view.map_or(View::Usual, View::At),
        operation: run.operation,
        clock,
    };
    if offscreen {
        headless::run(&options, run.seconds.map(|s| Duration::from_secs_f64(s.clamp(0.0, 1e7))))
    } else {
        windows::run(options)
    }
}

fn render_wall(render: Render) -> Result<()> {
    let mut wall = match &render.wall {
        Some(path) => session::read_wall(path)?,
        None => Wall::of_desktop([("wall".to_owned(), (0, 0), render.size)], None),
    };
    if render.theme.is_some() {
        wall.theme.get_or_insert_default().base = render.theme;
    }
    let name = render.layout.unwrap_or_else(|| layout::suited_to(&wall).to_owned());
    let layout = Catalogue::load(&name)?;
    let at: Moment = render.at.unwrap_or_else(Timestamp::now).into();
    let files = render_png::render(PngOptions {
        wall,
        layout: (name, layout),
        site: backend::site(render.source.as_ref(), render.wall.as_deref())?,
        seed: render.seed,
        condition: render.data,
        lang: lang(&render.language),
        at,
        output: render.output,
        frames: render.frames,
        every_millis: (render.every.clamp(0.001, 1e6) * 1000.0) as i64,
        out: render.out,
    })?;
    files.iter().for_each(|file| println!("{}", file.display()));
    Ok(())
}

fn check_files(check: &Check) -> Result<ExitCode> {
    let ((faults, absent), judged) = (check::files(&check.files)?, check.files.len());
    // Whoever reads may have read enough: a pipe that is closed is no fault.
    let mut out = std::io::stdout();
    if check.format == Format::Json {
        let _ = writeln!(out, "{}", serde_json::to_string_pretty(&faults)?);
    } else {
        let lang = Lang::of_environment();
        faults.iter().for_each(|fault| eprintln!("{}\n", fault.in_lang(lang)));
        let note = |what: &Sentence| Sentence::of("check-note", [("what", what.to(lang).as_str())]).to(lang);
        absent.iter().for_each(|what| eprintln!("{}", note(what)));
        if faults.is_empty() {
            let well = Sentence::of(if judged == 1 { "check-one-well" } else { "check-all-well" }, []);
            let _ = writeln!(out, "{}", well.to(lang));
        }
    }
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn list_outputs() -> Result<()> {
    let lang = Lang::of_environment();
    match windows::connected() {
        Ok(connected) if !connected.is_empty() => connected.iter().for_each(|output| println!("{output}")),
        _ => {
            let kernel = outputs::kernel_outputs(Path::new("/sys/class/drm"));
            if kernel.is_empty() {
                println!("{}", sentence!("outputs-none").to(lang));
            }
            for (connector, edid) in kernel {
                let words = edid.map_or_else(
                    || sentence!("outputs-no-edid").to(lang),
                    |e| format!("{} × {} mm, edid = \"{}\" ({})", e.size_mm.0, e.size_mm.1, e.identity, e.name),
                );
                println!("{connector:<12} {words}");
            }
        }
    }
    Ok(())
}

fn serve_demo(demo: &DemoBackend) -> Result<()> {
    let clock =
        Clock::starting_at(demo.now.map_or_else(|| Clock::system().now(), Into::into), demo.speed.clamp(0.0, 1e6));
    let runtime = backend::runtime()?;
    let world = Arc::new(obzor::demo::World::new(demo.seed, clock.now()));
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(demo.listen)
            .await
            .with_context(|| format!("{} cannot be listened on", demo.listen))?;
        println!("{}", sentence!("demo-served", address = listener.local_addr()?).to(Lang::of_environment()));
        tokio::select! {
            served = obzor::demo::serve(listener, world, clock) => served.context("the demo backend stopped"),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
        help::localized(Cli::command(), Lang::Ru).debug_assert();
    }

    #[test]
    fn every_text_of_the_help_is_there_in_russian() {
        fn texts(command: &clap::Command) -> Vec<String> {
            let about = [command.get_about(), command.get_long_about()].into_iter().flatten();
            let helps = command.get_arguments().filter_map(|arg| arg.get_help());
            let own: Vec<String> = about.chain(helps).map(ToString::to_string).collect();
            own.into_iter().chain(command.get_subcommands().flat_map(texts)).collect()
        }
        let texts = texts(&help::localized(Cli::command(), Lang::Ru));
        assert!(texts.len() > 50, "{}", texts.len());
        let english: Vec<&String> =
            texts.iter().filter(|text| !text.chars().any(|c| ('а'..='я').contains(&c))).collect();
        assert!(english.is_empty(), "{english:#?}");
    }
}
