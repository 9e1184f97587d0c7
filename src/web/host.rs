//! The page around this one, when this one is a frame in it: what it sends, and what it is told.
//!
//! Only plain data passes in either direction. Only messages of the parent window are read, and
//! only objects with a type and a few short values; what they mean is not known here.

use js_sys::{Array, JsString, Number, Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, ResizeObserver, Window};

/// A message's type, and its other fields; `None` is a field that holds null.
pub type Heard = (String, Vec<(String, Option<String>)>);

/// The prefix of a message's type. Other messages are ignored.
const MARK: &str = "converge:";
/// No more fields than this, and no text longer than that, are looked at.
const MOST_FIELDS: u32 = 50;
const LONGEST: u32 = 20_000;

/// The page around this one; `None` when there is none.
fn parent() -> Option<Window> {
    let window = web_sys::window()?;
    window.parent().ok().flatten().filter(|parent| *parent != window)
}

/// Calls back for each message of the page around this one, as long as the page lives. The browser
/// does not look into a message before [`read`] does.
pub fn listen(mut heard: impl FnMut(MessageEvent) + 'static) -> Option<()> {
    let parent = parent()?;
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let is_parent = event.source().is_some_and(|source| *source == ***parent);
        if is_parent {
            heard(event);
        }
    });
    let window = web_sys::window()?;
    window.add_event_listener_with_callback("message", on_message.as_ref().unchecked_ref()).ok()?;
    on_message.forget();
    Some(())
}

/// A message of the right shape.
pub fn read(event: &MessageEvent) -> Option<Heard> {
    let data = &event.data();
    // Reading a field fails for a value that is not an object; an array has no type.
    let kind = Reflect::get(data, &"type".into()).ok()?;
    let kind = text(&kind).filter(|kind| kind.starts_with(MARK))?;
    let entries = Object::entries(data.dyn_ref::<Object>()?);
    if entries.length() > MOST_FIELDS {
        return None;
    }
    let mut fields = Vec::new();
    for entry in entries.iter() {
        let entry = entry.unchecked_into::<Array>();
        let (name, value) = (text(&entry.get(0))?, entry.get(1));
        if name != "type" {
            let value = if value.is_null() { None } else { Some(text(&value)?) };
            fields.push((name, value));
        }
    }
    Some((kind, fields))
}

/// The file that a message of that type hands over: its name, and its text as the browser has it. It is
/// copied into the program only when it is read, since it may be large.
pub fn read_file(event: &MessageEvent, kind: &str) -> Option<(String, Option<JsString>)> {
    let data = event.data();
    let field = |name: &str| Reflect::get(&data, &name.into()).ok();
    let is_meant = text(&field("type")?)? == kind;
    let name = field("name").filter(|_| is_meant)?;
    let name = name.dyn_into::<JsString>().ok().filter(|name| name.length() <= LONGEST)?;
    let content = field("text")?;
    match content.is_null() {
        true => Some((name.into(), None)),
        false => Some((name.into(), Some(content.dyn_into().ok()?))),
    }
}

/// A text that is not too long, or a number or a flag as one.
fn text(value: &JsValue) -> Option<String> {
    let text = match value.as_bool() {
        Some(flag) => return Some(flag.to_string()),
        None if value.as_f64().is_some() => {
            value.unchecked_ref::<Number>().to_string_with_radix(10).ok()?
        }
        None => value.dyn_ref::<JsString>()?.clone(),
    };
    (text.length() <= LONGEST).then(|| text.into())
}

/// Tells the page around this one, if it comes from that origin; `*` is any.
fn send(message: &JsValue, origin: &str) {
    if let Some(parent) = parent() {
        // It fails only for values that cannot be cloned; plain data can.
        let _ = parent.post_message(message, origin);
    }
}

/// Tells it something of that type, with these fields. Any page may read it.
pub fn tell(kind: &str, fields: &[(&str, JsValue)]) {
    let message = Object::new();
    let kind = [("type", JsValue::from(format!("{MARK}{kind}")))];
    for (name, value) in kind.iter().chain(fields) {
        // It fails for no plain object.
        let _ = Reflect::set(&message, &(*name).into(), value);
    }
    send(&message, "*");
}

/// Tells it what that JSON says: to any page, or to one of that origin alone.
pub fn tell_json(json: &str, origin: Option<&str>) {
    if let Ok(message) = js_sys::JSON::parse(json) {
        send(&message, origin.unwrap_or("*"));
    }
}

/// How many pixels high the page's content is, whatever the frame's height.
pub fn height() -> Option<f64> {
    let body = web_sys::window()?.document()?.body()?;
    Some(body.get_bounding_client_rect().height().ceil())
}

/// Calls back whenever the content's size may have changed, as long as the page lives.
pub fn on_resize(resized: impl FnMut() + 'static) -> Option<()> {
    let body = web_sys::window()?.document()?.body()?;
    let notice = Closure::<dyn FnMut()>::new(resized);
    let observer = ResizeObserver::new(notice.as_ref().unchecked_ref()).ok()?;
    observer.observe(&body);
    notice.forget();
    Some(())
}
