//! From a page to its HTML, by its template or by a stencil.

use std::ops::Range;

use super::body::{self, Assembled, Body};
use super::shape::Shape;
use super::stencil::Stencil;
use super::verify::{self, Finished};
use super::view::Views;
use super::{Content, Page, composed};
use crate::diagnostic::{Checked, Code, Diagnostic};
use crate::site::route::Route;
use crate::theme::Theme;

/// The HTML of `route`, with what is wrong with its links and ids.
pub(super) fn html(views: &Views<'_>, route: &Route) -> Result<Checked<Vec<u8>>, Box<Diagnostic>> {
    let nothing = || {
        Box::new(Diagnostic::global(
            Code::TemplateRender,
            format!("nothing stands at {}", route.path()),
        ))
    };
    let page = composed(views, route).ok_or_else(nothing)?;
    let theme = views.snapshot.theme.as_ref().ok_or_else(nothing)?;
    let bodies = page.content.bodies();
    let shape = has_stencil(views, theme, &page, &bodies).then(|| page.shape());
    if let Some(bytes) =
        shape.as_ref().and_then(|shape| filled(views, route, (&page, shape), &bodies))
    {
        return Ok(Checked::sound(bytes));
    }
    let shell = theme.render(page.template, &page.context(views.shared), &route.path())?;
    // Where all of its pieces failed, a body is empty, and the template printed nothing of it.
    let of_pieces = bodies.iter().find_map(|body| body.fault.clone());
    let Assembled { bytes, bodies, is_broken } = body::assemble(&shell, &bodies);
    if is_broken {
        return Err(broken(&page, route));
    }
    if !views.shared.is_sound() {
        // Its dead links were told already, and would be told again of every page.
        return Ok(Checked::sound(bytes));
    }
    let url = &page.page.url;
    let finished = Finished { route, url, template: page.template, bytes: &bytes, bodies: &bodies };
    let found = verify::fault(views, theme, finished, of_pieces);
    if let (Some(shape), None) = (shape, &found) {
        let site = views.shared.site();
        let stencil = || Stencil::made_by(theme, page.template, &page.views(), site);
        views.shared.stencils().learn(shape, &bytes, stencil);
    }
    Ok(Checked { found: found.into_iter().map(|fault| *fault).collect(), value: bytes })
}

fn broken(page: &Page, route: &Route) -> Box<Diagnostic> {
    let message = format!("the template `{}` prints a text in parts, or twice", page.template);
    let diagnostic = Diagnostic::global(Code::TemplateRender, message)
        .help("print it once and whole, as in `{{ column.html }}`: filters do not see what it says")
        .help(format!("found while rendering {} with `{}`", route.path(), page.template));
    Box::new(diagnostic)
}

/// Whether the page may be made by a stencil: its template is plain, others are of its shape, and
/// nothing is wrong with what stands in it.
fn has_stencil(views: &Views<'_>, theme: &Theme, page: &Page, bodies: &[&Body]) -> bool {
    let is_of_many = match page.content {
        Content::Debate { .. } | Content::Alone { .. } => true,
        Content::Flow { .. } | Content::List { .. } => true,
        Content::Home { .. } | Content::Terms { .. } => false,
        Content::Nothing {} | Content::Alias { .. } => false,
    };
    is_of_many
        && views.faults.is_none()
        && views.shared.is_sound()
        && theme.is_plain(page.template)
        && bodies.iter().all(|body| body.fault.is_none())
}

/// The page by its stencil; nothing without one, or where something is wrong, which only its
/// template can tell the place of.
fn filled(
    views: &Views<'_>,
    route: &Route,
    (page, shape): (&Page, &Shape<'_>),
    bodies: &[&Body],
) -> Option<Vec<u8>> {
    let stencil = views.shared.stencils().get(shape)?;
    let attributes = stencil.attributes(&shape.leaves)?;
    let bytes = stencil.fill(&shape.leaves)?.into_bytes();
    let bodies: Vec<(Range<usize>, &Body)> = bodies.iter().map(|body| (0..0, *body)).collect();
    let url = &page.page.url;
    let finished = Finished { route, url, template: page.template, bytes: &bytes, bodies: &bodies };
    verify::faults(views, finished, &attributes).is_empty().then_some(bytes)
}

impl Page {
    fn shape(&self) -> Shape<'_> {
        let mut shape = Shape::of(self.template);
        self.views().into_iter().for_each(|(_, view)| view.tell(&mut shape));
        shape
    }
}
