use std::path::PathBuf;
use clap::Parser;
use obzor::app::still::{self, Still};
#[derive(Parser)]
struct A { #[arg(long)] layout: String, #[arg(long)] size: String, #[arg(long)] out: PathBuf, #[arg(long)] at: String, #[arg(long, default_value_t=42.0)] u: f32, #[arg(long, default_value_t=1)] frames: u32 , #[arg(long, default_value_t=0.5)] every: f64}
fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().init();
    let a = A::parse();
    let (w,h) = a.size.split_once('x').unwrap();
    let wall = obzor::wall::Wall::single(obzor::geometry::PixelSize::new(w.parse()?, h.parse()?), a.u);
    let at: jiff::Timestamp = a.at.parse()?;
    let layout = obzor::layout::Catalogue::load(&a.layout)?;
    let t = std::time::Instant::now();
    let f = still::render(Still { wall, layout: (a.layout, layout), source: None, seed: 1, at: at.into(), output: None, frames: a.frames, every_millis: (a.every*1000.0) as i64, out: a.out })?;
    println!("{f:?} {:?}", t.elapsed());
    Ok(())
}
