//! A wall on the outputs of a session: one window an output, over all of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use winit::application::ApplicationHandler;
use winit::dpi::{PhysicalPosition, PhysicalSize};
use winit::event::{ElementState, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop, EventLoopProxy};
use winit::keyboard::{KeyCode, PhysicalKey};
use winit::monitor::MonitorHandle;
use winit::window::{CursorIcon, Fullscreen, Window, WindowId};

use super::fault_injection::Faults;
use super::outputs::{Connected, desktop_wall, matched};
use super::pacing::frame_interval;
use super::press_key::PressKey;
use super::session::{RunOptions, Session, WallChoice, read_wall};
use super::wake::Wake;
use crate::conductor::{StepTo, UserCommand, Via};
use crate::geometry::PixelSize;
use crate::render::{Gpu, OutputSurface, PixelFormat, Presented, present_all};
use crate::state::Layer;
use crate::wall::{Output, Wall};

/// winit does not tell of outputs that come and go on every platform: the list is compared this often.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Delays after which the picture of an output is presented again once the output was opened or resized. A compositor
/// that is still arranging windows may drop the first picture and never ask for it again, and a still wall would stay
/// grey.
const SETTLE: [Duration; 3] = [Duration::from_millis(250), Duration::from_millis(1000), Duration::from_millis(3000)];

/// A window over one output.
struct OutputWindow {
    window: Arc<Window>,
    surface: OutputSurface,
    output: Output,
    connected: Connected,
    /// The picture must be presented although nothing was painted: the surface is new.
    stale: bool,
    /// When the same picture is presented again: see [`SETTLE`].
    again: Vec<Instant>,
}

struct App {
    options: RunOptions,
    proxy: EventLoopProxy<Wake>,
    session: Option<Session>,
    windows: Vec<OutputWindow>,
    seen: Vec<Connected>,
    looked: Instant,
    press_key: PressKey,
    error: Option<anyhow::Error>,
    shown: bool,
    faults: Faults,
}

/// Runs until the program is told to end.
pub fn run(options: RunOptions) -> Result<()> {
    let event_loop = EventLoop::<Wake>::with_user_event().build().context("no display: start with --headless")?;
    let proxy = event_loop.create_proxy();
    let mut app = App {
        options,
        proxy,
        session: None,
        windows: Vec::new(),
        seen: Vec::new(),
        looked: Instant::now(),
        press_key: PressKey::default(),
        error: None,
        shown: false,
        faults: Faults::ordered(),
    };
    event_loop.run_app(&mut app).context("the display connection broke")?;
    if app.session.as_ref().is_some_and(|session| session.failed) {
        anyhow::bail!("a part of the program failed");
    }
    app.error.map_or(Ok(()), Err)
}

/// What is connected to this session.
pub fn connected() -> Result<Vec<Connected>> {
    struct Look(Vec<Connected>);
    impl ApplicationHandler for Look {
        fn resumed(&mut self, event_loop: &ActiveEventLoop) {
            self.0 = event_loop.available_monitors().map(|m| Connected::of(&m)).collect();
            event_loop.exit();
        }
        fn window_event(&mut self, _: &ActiveEventLoop, _: WindowId, _: WindowEvent) {}
    }
    let event_loop = EventLoop::new().context("no display")?;
    let mut look = Look(Vec::new());
    event_loop.run_app(&mut look)?;
    Ok(look.0)
}

impl ApplicationHandler<Wake> for App {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        if self.session.is_none()
            && let Err(error) = self.begin(event_loop)
        {
            self.error = Some(error);
            event_loop.exit();
        }
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, wake: Wake) {
        let Some(session) = &mut self.session else { return };
        match session.wake(wake) {
            None => event_loop.exit(),
            Some(true) => self.sync_outputs(event_loop),
            Some(false) => {}
        }
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, id: WindowId, event: WindowEvent) {
        let Some(index) = self.windows.iter().position(|screen| screen.window.id() == id) else { return };
        match event {
            WindowEvent::CloseRequested => event_loop.exit(),
            WindowEvent::Resized(size) => self.resized(index, size),
            WindowEvent::RedrawRequested => {
                self.windows[index].stale = true;
                if let Some(session) = &mut self.session {
                    session.pacing.wake();
                }
            }
            WindowEvent::KeyboardInput { event, .. } if event.state == ElementState::Pressed && !event.repeat => {
                match event.physical_key {
                    PhysicalKey::Code(KeyCode::Escape | KeyCode::KeyQ) => event_loop.exit(),
                    PhysicalKey::Code(KeyCode::F9) => {
                        if let Some(session) = &mut self.session {
                            let pressed = session.conductor().state().claim(Layer::Press).is_some();
                            if let Some(command) = self.press_key.stroke(pressed, Instant::now()) {
                                session.order(Via::Keyboard, command);
                            }
                        }
                    }
                    PhysicalKey::Code(KeyCode::KeyI) => {
                        if let Some(session) = &mut self.session {
                            let on = !session.conductor().state().identify;
                            session.order(Via::Keyboard, UserCommand::Identify { on });
                        }
                    }
                    // As a remote control for talks sends them.
                    PhysicalKey::Code(
                        key @ (KeyCode::PageDown | KeyCode::ArrowRight | KeyCode::PageUp | KeyCode::ArrowLeft),
                    ) => {
                        if let Some(session) = &mut self.session {
                            let forward = matches!(key, KeyCode::PageDown | KeyCode::ArrowRight);
                            let to = if forward { StepTo::Next } else { StepTo::Previous };
                            session.order(Via::Keyboard, UserCommand::Step(to));
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        if self.looked.elapsed() >= LOOK_EVERY {
            self.looked = Instant::now();
            let connected: Vec<Connected> = event_loop.available_monitors().map(|m| Connected::of(&m)).collect();
            if connected != self.seen {
                tracing::info!(outputs = connected.len(), "other outputs are connected");
                self.sync_outputs(event_loop);
            }
        }
        if self.session.as_ref().is_some_and(|s| s.stage.is_lost()) {
            self.rebuild(event_loop);
        }
        let Some(session) = &mut self.session else { return };
        let now = Instant::now();
        for screen in &mut self.windows {
            let waiting = screen.again.len();
            screen.again.retain(|at| *at > now);
            if screen.again.len() < waiting {
                screen.stale = true;
                session.pacing.wake();
            }
        }
        if now >= session.pacing.due() {
            if self.faults.inject(&session.stage) {
                self.windows.iter_mut().for_each(|screen| {
                    screen.surface.pretend_lost();
                    screen.stale = true;
                });
            }
            let frame = session.frame();
            let changed: Vec<bool> = frame.painted.iter().map(|p| p.rects > 0).collect();
            self.present(&changed);
        }
        let Some(session) = &self.session else { return };
        let again = self.windows.iter().flat_map(|screen| screen.again.iter().copied()).min();
        let until = session.pacing.due().min(self.looked + LOOK_EVERY).min(again.unwrap_or(self.looked + LOOK_EVERY));
        event_loop.set_control_flow(ControlFlow::WaitUntil(until));
    }
}

impl App {
    fn begin(&mut self, event_loop: &ActiveEventLoop) -> Result<()> {
        self.seen = event_loop.available_monitors().map(|m| Connected::of(&m)).collect();
        let wall = self.wall()?;
        let gpu = Gpu::open(Some(Box::new(event_loop.owned_display_handle())))?;
        tracing::info!(device = gpu.name(), outputs = self.seen.len(), "lit");
        let proxy = std::sync::Mutex::new(self.proxy.clone());
        let proxy = Arc::new(proxy);
        let wake = move |wake: Wake| {
            let _ = proxy.lock().unwrap_or_else(std::sync::PoisonError::into_inner).send_event(wake);
        };
        self.session = Some(Session::start(&self.options, wall, gpu, wake)?);
        self.sync_outputs(event_loop);
        Ok(())
    }

    fn wall(&self) -> Result<Wall> {
        match &self.options.wall {
            WallChoice::File(path) => read_wall(path),
            WallChoice::Desktop if self.seen.is_empty() => {
                Ok(Wall::of_desktop([("window".to_owned(), (0, 0), PixelSize::new(1920, 1080))], None))
            }
            WallChoice::Desktop => Ok(desktop_wall(&self.seen)),
        }
    }

    /// Matches windows to outputs: closes those that went, opens those that came, leaves the others alone.
    fn sync_outputs(&mut self, event_loop: &ActiveEventLoop) {
        let monitors: Vec<MonitorHandle> = event_loop.available_monitors().collect();
        self.seen = monitors.iter().map(Connected::of).collect();
        let Some(session) = &mut self.session else { return };
        if matches!(self.options.wall, WallChoice::Desktop) && !self.seen.is_empty() {
            let wall = desktop_wall(&self.seen);
            if wall != session.stage.wall {
                session.stage.set_wall(wall);
            }
        }
        let wanted: Vec<(Connected, MonitorHandle, Output)> = matched(&session.stage.wall, &self.seen)
            .into_iter()
            .map(|(index, output)| (self.seen[index].clone(), monitors[index].clone(), output.clone()))
            .collect();
        let mut index = 0;
        while index < self.windows.len() {
            let held = &self.windows[index];
            if wanted.iter().any(|(c, _, o)| c.connector == held.connected.connector && o.name == held.output.name) {
                index += 1;
            } else {
                tracing::info!(output = held.output.name, "let go");
                self.windows.remove(index);
                session.stage.remove(index);
            }
        }
        for (connected, monitor, output) in wanted {
            match self.windows.iter().position(|screen| screen.output.name == output.name) {
                Some(index) => {
                    let size = self.windows[index].window.inner_size();
                    self.windows[index].output = output;
                    self.windows[index].connected = connected;
                    self.resized(index, size);
                }
                None => {
                    if let Err(error) = self.open_output(event_loop, connected, &monitor, output) {
                        tracing::error!(%error, "an output stays dark");
                    }
                }
            }
        }
        if let Some(session) = &mut self.session {
            let refreshes = self.windows.iter().map(|screen| screen.connected.refresh_millihertz);
            session.pacing.set_interval(frame_interval(refreshes));
            session.pacing.wake();
        }
    }

    fn open_output(
        &mut self,
        event_loop: &ActiveEventLoop,
        connected: Connected,
        monitor: &MonitorHandle,
        output: Output,
    ) -> Result<()> {
        let mut attributes = Window::default_attributes().with_title(format!("Obzor: {}", output.name));
        if self.options.windowed {
            let size = PhysicalSize::new(output.pixels.width / 2, output.pixels.height / 2);
            attributes = attributes.with_inner_size(size);
        } else {
            // On X11 a window is made fullscreen where it is: it is put onto its output first.
            let (x, y) = connected.position;
            attributes = attributes
                .with_position(PhysicalPosition::new(x, y))
                .with_inner_size(PhysicalSize::new(connected.pixels.width, connected.pixels.height))
                .with_decorations(false)
                .with_fullscreen(Some(Fullscreen::Borderless(Some(monitor.clone()))));
        }
        let window = Arc::new(event_loop.create_window(attributes)?);
        window.set_cursor(CursorIcon::Default);
        window.set_cursor_visible(self.options.windowed);
        tracing::info!(output = output.name, connector = connected.connector, "taken up");
        let size = window.inner_size();
        self.windows.push(OutputWindow {
            window,
            surface: OutputSurface::default(),
            output: output.clone(),
            connected,
            stale: true,
            again: Vec::new(),
        });
        if let Some(session) = &mut self.session {
            session.stage.add(&output, PixelFormat::BLUE_FIRST);
        }
        self.resized(self.windows.len() - 1, size);
        Ok(())
    }

    /// Gives an output's surface and canvas the size that its window has now.
    fn resized(&mut self, index: usize, size: PhysicalSize<u32>) {
        let Some(session) = &mut self.session else { return };
        let Some(gpu) = session.stage.gpu() else { return };
        let screen = &mut self.windows[index];
        if size.width == 0 || size.height == 0 {
            return;
        }
        let pixels = PixelSize::new(size.width, size.height);
        let format = match screen.surface.fit(gpu, screen.window.clone(), pixels) {
            Ok(format) => format,
            Err(error) => {
                tracing::error!(%error, output = screen.output.name, "an output stays dark");
                return;
            }
        };
        screen.stale = true;
        screen.again = SETTLE.iter().map(|after| Instant::now() + *after).collect();
        let output = Output { pixels, ..screen.output.clone() };
        session.stage.replace(index, &output, format);
        session.pacing.wake();
    }

    /// Puts the pictures that changed onto their outputs.
    fn present(&mut self, changed: &[bool]) {
        let Some(session) = &mut self.session else { return };
        let Some(gpu) = session.stage.gpu() else { return };
        let due = |(index, screen): &(usize, &mut OutputWindow)| {
            screen.stale || changed.get(*index).copied().unwrap_or(false)
        };
        let mut places = Vec::new();
        let mut pictures = Vec::new();
        for (index, screen) in self.windows.iter_mut().enumerate().filter(due) {
            places.push((index, screen.window.clone()));
            pictures.push((&mut screen.surface, session.stage.canvas(index)));
        }
        let presented = present_all(gpu, &mut pictures, |place| places[place].1.pre_present_notify());
        let mut lost = Vec::new();
        for ((index, _), outcome) in places.iter().zip(presented) {
            self.windows[*index].stale = outcome != Presented::Shown;
            if outcome == Presented::Lost {
                lost.push(*index);
            }
        }
        if !self.shown && session.stage.has_data() {
            self.shown = true;
            tracing::info!(millis = super::headless::since_start().as_millis() as u64, "first picture with data");
        }
        for index in lost {
            tracing::warn!(output = self.windows[index].output.name, "its surface is lost, and made anew");
            self.windows[index].surface.release();
            let size = self.windows[index].window.inner_size();
            self.resized(index, size);
        }
        if self.windows.iter().any(|screen| screen.stale)
            && let Some(session) = &mut self.session
        {
            session.pacing.wake();
        }
    }

    /// The device is lost: surfaces go first, then the device, then the instance, and all come again.
    fn rebuild(&mut self, event_loop: &ActiveEventLoop) {
        for screen in &mut self.windows {
            screen.surface.release();
        }
        let Some(session) = &mut self.session else { return };
        session.stage.drop_gpu();
        if session.stage.retry_at().is_some() {
            return;
        }
        session.stage.reopen(Gpu::open(Some(Box::new(event_loop.owned_display_handle()))));
        for index in 0..self.windows.len() {
            let size = self.windows[index].window.inner_size();
            self.resized(index, size);
        }
    }
}
