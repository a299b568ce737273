# Two commands matter: `make run` shows the wall, `make test` runs everything.
# Cargo's target directory lies outside the clone, so that dependencies are built once for all clones.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/obzor/target

OBZOR = $(CARGO_TARGET_DIR)/debug/obzor
RUN_PACKAGES = gcc libc6-dev libvulkan1 mesa-vulkan-drivers libxkbcommon0 libxkbcommon-x11-0 libwayland-client0 libx11-6 libx11-xcb1 libxcursor1 libxi6
TEST_PACKAGES = $(RUN_PACKAGES) sway grim xvfb xauth procps util-linux

.PHONY: run build test test-api test-tablet bench-control lint gallery bench bench-growth bench-hostile bench-peers packages-run packages-test tools

# Whoever names a layout wants to see that one, not what the demo wall's schedule shows.
OPERATION = layouts/operation/$(if $(findstring --layout,$(ARGS)),open,demo).toml

run: packages-run build
	exec $(OBZOR) run --operation $(OPERATION) $(ARGS)

build:
	cargo build --locked

# Many tests wait for a program or a clock: with more of them than cores, fewer cores wait.
test: packages-test tools lint
	cargo nextest run --locked --no-fail-fast --test-threads $$(( $$(nproc) * 3 / 2 ))
	$(MAKE) test-api test-tablet
	cargo deny --log-level error check bans licenses sources

# The running program by its own OpenAPI document; Schemathesis comes from PyPI.
test-api: packages-test build
	@tools/packages curl python3-venv
	tools/test-api $(OBZOR) $(CARGO_TARGET_DIR)/api

# The tablet's page in headless Chromium; Playwright and axe-core come from the npm registry.
test-tablet: packages-test build
	@tools/packages chromium
	npm install --silent --prefix $(CARGO_TARGET_DIR)/tablet playwright-core@1 axe-core@4
	node tests/tablet.mjs $(OBZOR) $(CARGO_TARGET_DIR)/tablet

lint:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --quiet

# Every layout and panel as pictures, and a page to leaf through them.
gallery: packages-run build
	tools/gallery $(OBZOR) $(CARGO_TARGET_DIR)/gallery

bench: packages-test build
	cargo bench --locked --profile dev --bench wall
	cargo bench --locked --profile dev --bench measures

# How fast the wall is operated, and what those who operate and watch it cost, for docs/benchmarks.md.
bench-control: packages-test build
	cargo bench --locked --profile dev --bench control

# What each hostile answer costs in memory and time, for docs/field.md.
bench-hostile: packages-test build
	cargo bench --locked --profile dev --bench hostile

# A nation's appeals, and what grows with points, pixels and panels; the curves go to docs/.
bench-growth: packages-test build
	cargo bench --locked --profile dev --bench growth

# The same screen by Obzor and as a web page in headless Chromium; the page's libraries come from the npm registry.
bench-peers: packages-test build
	@tools/packages chromium
	npm install --silent --prefix $(CARGO_TARGET_DIR)/peers deck.gl@9 maplibre-gl@5
	OBZOR_PEERS=$(CARGO_TARGET_DIR)/peers cargo bench --locked --profile dev --bench peers

packages-run:
	@tools/packages $(RUN_PACKAGES)

packages-test:
	@tools/packages $(TEST_PACKAGES)

tools:
	@command -v cargo-nextest >/dev/null || cargo install --locked cargo-nextest
	@command -v cargo-deny >/dev/null || cargo install --locked cargo-deny
