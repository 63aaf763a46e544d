//! Relations between objects of a page, as pairs.

use ango_plugin_sdk::images::page_of;
use ango_plugin_sdk::order::{Texts, sort};
use ango_plugin_sdk::{Direction, Relation, RelationMembers, Run, Task};

/// A link from one object to another, by their positions in the task.
#[derive(Clone, Copy, Debug)]
struct Link {
    page: u32,
    from: u32,
    to: u32,
    relation: u32,
}

/// The links of a task, and which of its objects have numbers on the page at hand.
#[derive(Debug, Default)]
pub(crate) struct Links {
    task: Option<u64>,
    /// In the order of pages, and of relations.
    links: Vec<Link>,
    /// By position of an object.
    numbers: Vec<Option<u32>>,
    told: Vec<bool>,
}

impl Links {
    /// Takes the relations of a task, once, and reports those that are not within a page.
    pub(crate) fn open(&mut self, run: &Run, task: &Task) {
        if self.task.replace(task.index) == Some(task.index) {
            return;
        }
        let objects = &task.annotations.objects;
        self.numbers.clear();
        self.numbers.resize(objects.len(), None);
        self.links.clear();
        self.told.clear();
        self.told.resize(task.annotations.relations.len(), false);
        if task.annotations.relations.is_empty() {
            return;
        }
        let id = |at: u32| objects.get(at as usize).map_or("", |object| object.object_id.as_str());
        let mut known = Texts::default();
        known.set(objects.iter().map(|object| object.object_id.as_str()));
        let page = |at: u32| objects.get(at as usize).map_or(0, page_of);
        let mut links: Vec<Link> = Vec::new();
        for (number, relation) in (0..).zip(&task.annotations.relations) {
            let before = links.len();
            let mut whole = true;
            for (from, to) in pairs(relation) {
                match (known.find(from, id), known.find(to, id)) {
                    (Some(from), Some(to)) if from != to && page(from) == page(to) => {
                        links.push(Link { page: page(from), from, to, relation: number });
                    }
                    _ => whole = false,
                }
            }
            if !whole || links.len() == before {
                let detail = if links.len() == before { "nothing of it is" } else { "not all of it is" };
                let detail = format_args!("{detail} between two objects that are there, on one page");
                run.lost(task.index, Some(&relation.object_id), "relation-unsupported", detail);
            }
        }
        let mut order: Vec<(u64, u32)> = links.iter().zip(0..).map(|(link, at)| (link.page.into(), at)).collect();
        sort(&mut order);
        self.links.extend(order.iter().filter_map(|&(_, at)| links.get(at as usize)));
        self.report_titles(run, task);
    }

    /// Links have no names: where relations are of several classes, which one it is is lost.
    fn report_titles(&self, run: &Run, task: &Task) {
        if run.project().relations.len() < 2 {
            return;
        }
        let mut before = None;
        for link in &self.links {
            if before.replace(link.relation) != Some(link.relation)
                && let Some(relation) = task.annotations.relations.get(link.relation as usize)
            {
                let detail = format_args!("links are there, but have no place for their class {:?}", relation.title);
                run.lost(task.index, Some(&relation.object_id), "relation-name-dropped", detail);
            }
        }
    }

    /// Gives an object its number on its page.
    pub(crate) fn number(&mut self, position: u64, number: u32) {
        if let Some(place) = self.numbers.get_mut(position as usize) {
            *place = Some(number);
        }
    }

    /// The links of a page between objects that have numbers, as pairs of numbers. Those of objects that were left out are reported.
    pub(crate) fn of_page(&mut self, run: &Run, task: &Task, page: u32) -> Vec<(u32, u32)> {
        let start = self.links.partition_point(|link| link.page < page);
        let end = self.links.partition_point(|link| link.page <= page);
        let number = |at: u32| self.numbers.get(at as usize).copied().flatten();
        let mut pairs = Vec::new();
        for link in &self.links[start..end] {
            if let (Some(from), Some(to)) = (number(link.from), number(link.to)) {
                pairs.push((from, to));
            } else if let (Some(told), Some(relation)) =
                (self.told.get_mut(link.relation as usize), task.annotations.relations.get(link.relation as usize))
                && !std::mem::replace(told, true)
            {
                run.lost(task.index, Some(&relation.object_id), "relation-unsupported", "an object that it joins is left out");
            }
        }
        pairs
    }
}

/// What a relation joins, as pairs from one object to another. A group links its first member with each other one.
fn pairs(relation: &Relation) -> Vec<(&str, &str)> {
    match &relation.members {
        RelationMembers::Pair(pair) => {
            let (source, target) = (pair.source.as_str(), pair.target.as_str());
            match pair.direction {
                Direction::Straight => vec![(source, target)],
                Direction::Reverse => vec![(target, source)],
                Direction::Bidirectional => vec![(source, target), (target, source)],
            }
        }
        RelationMembers::Group(members) => {
            let Some((first, others)) = members.split_first() else { return Vec::new() };
            others.iter().map(|other| (first.as_str(), other.as_str())).collect()
        }
    }
}
