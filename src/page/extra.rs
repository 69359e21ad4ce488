//! `extra`: values of the front matter and of site.yaml that only a theme understands.

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use tera::Value;

use super::shape::{Shape, Signs};
use super::value::ToValue;
use crate::yaml;

/// What stands under `extra`, by its keys; a map without keys where nothing does.
#[derive(Clone, Debug, Default)]
pub struct Extra(Option<yaml::Value>);

impl Extra {
    pub(super) fn new(value: Option<&yaml::Value>) -> Self {
        Self(value.cloned())
    }
}

impl ToValue for Extra {
    fn to_value(&self) -> Value {
        let nothing = yaml::Value::Map(Vec::new());
        Value::from_serializable(&Given(self.0.as_ref().unwrap_or(&nothing)))
    }

    /// No signs: a template may do anything with it.
    fn to_signs(&self, _: &mut Signs) -> Value {
        self.to_value()
    }

    fn tell<'a>(&'a self, shape: &mut Shape<'a>) {
        shape.count(usize::from(self.0.is_some()));
        if let Some(value) = &self.0 {
            shape.word(&format!("{value:?}"));
        }
    }
}

struct Given<'a>(&'a yaml::Value);

impl Serialize for Given<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            yaml::Value::Null => serializer.serialize_none(),
            yaml::Value::Bool(value) => serializer.serialize_bool(*value),
            yaml::Value::Integer(value) => serializer.serialize_i64(*value),
            yaml::Value::Float(value) => serializer.serialize_f64(*value),
            yaml::Value::Text(value) => serializer.serialize_str(value),
            yaml::Value::List(values) => serializer.collect_seq(values.iter().map(Given)),
            yaml::Value::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, &Given(value))?;
                }
                map.end()
            }
        }
    }
}
