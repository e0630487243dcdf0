//! `spin:variables`.

use wasmtime::component::Accessor;

use crate::bindings::spin::variables::variables::{Error, Host, HostWithStore};
use crate::store::{Data, InStore};
use crate::template;

impl Host for Data {}

impl<T: Send + 'static> HostWithStore<T> for InStore {
    async fn get(store: &Accessor<T, Self>, name: String) -> wasmtime::Result<Result<String, Error>> {
        if let Err(error) = template::check_name(&name) {
            return Ok(Err(Error::InvalidName(error.to_string())));
        }
        Ok(store.with(|mut data| {
            let shared = &data.get().shared;
            let value = shared.variables.get(&name).map(ToOwned::to_owned);
            value.ok_or_else(|| Error::Undefined(format!("no variable for {:?}.{name:?}", shared.id)))
        }))
    }
}
