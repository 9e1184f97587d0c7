//! Joins the built site's style sheets into one. They are a file a concern for whoever writes them; a
//! browser fetches six files at a time from an ordinary host, and would have the program wait in line
//! behind fifteen of them. Together they compress better, too.

use anyhow::{Context, Result, ensure};
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

/// Puts one file in the place of all style sheets that the page links.
pub fn join(dist: &Path) -> Result<()> {
    let page = dist.join("index.html");
    let html = fs::read_to_string(&page)?;
    let links = links(&html);
    ensure!(!links.is_empty(), "there is no style sheet in {}", page.display());
    let mut styles = String::new();
    for (_, name) in &links {
        let file = dist.join(name);
        styles += &fs::read_to_string(&file)
            .with_context(|| format!("could not read {}", file.display()))?;
        fs::remove_file(file)?;
    }
    let mut hasher = DefaultHasher::new();
    styles.hash(&mut hasher);
    let name = format!("style-{:016x}.css", hasher.finish());
    fs::write(dist.join(&name), styles)?;
    let mut joined = html.replacen(links[0].0, &format!("<link rel=stylesheet href=./{name}>"), 1);
    for (link, _) in &links[1..] {
        joined = joined.replacen(link, "", 1);
    }
    fs::write(page, joined)?;
    Ok(())
}

/// Every link to a style sheet of the site: the whole element, and the file's name. In their order,
/// which decides who overrules whom.
fn links(html: &str) -> Vec<(&str, &str)> {
    html.match_indices("<link ")
        .filter_map(|(at, _)| {
            let link = &html[at..=at + html[at..].find('>')?];
            let (_, after) = link.split_once("href=")?;
            let name = after.split(['"', '\'', ' ', '>']).find(|word| !word.is_empty())?;
            let is_sheet = link.contains("stylesheet") && name.ends_with(".css");
            is_sheet.then_some((link, name.trim_start_matches("./")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{join, links};
    use std::fs;

    #[test]
    fn links_are_found_as_trunk_and_its_minifier_write_them() {
        let html = r#"<link rel="stylesheet" href="./a-01.css"/><link rel=icon href=./i-02.svg>
            <link href=./b-03.css rel=stylesheet><link rel="preload" href="./c_bg.wasm">"#;
        let names: Vec<_> = links(html).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["a-01.css", "b-03.css"]);
    }

    #[test]
    fn one_sheet_takes_the_place_of_all_in_their_order() {
        let dist = std::env::temp_dir().join(format!("converge-styles-{}", std::process::id()));
        fs::create_dir_all(&dist).unwrap();
        for (name, text) in [("b-01.css", "p{color:red}"), ("a-02.css", "p{color:blue}")] {
            fs::write(dist.join(name), text).unwrap();
        }
        let page = dist.join("index.html");
        let head = "<link rel=stylesheet href=./b-01.css>x<link rel=stylesheet href=./a-02.css>y";
        fs::write(&page, head).unwrap();
        join(&dist).unwrap();
        let html = fs::read_to_string(&page).unwrap();
        let found = links(&html);
        assert_eq!(found.len(), 1, "{html}");
        assert!(html.ends_with("xy"), "{html}");
        let styles = fs::read_to_string(dist.join(found[0].1)).unwrap();
        assert_eq!(styles, "p{color:red}p{color:blue}");
        assert_eq!(fs::read_dir(&dist).unwrap().count(), 2);
        fs::remove_dir_all(&dist).unwrap();
    }
}
