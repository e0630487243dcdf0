//! What Spin's own interfaces look like from the host's side.

wasmtime::component::bindgen!({
    path: "wit",
    world: "spin",
    imports: { default: async | trappable },
    additional_derives: [PartialEq],
    with: { "spin:sqlite/sqlite.connection": crate::database::Connection },
});
