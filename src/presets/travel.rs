//! The article's scenario of several APIs: what a travel agent looks up for one trip, and the
//! itinerary that needs all of it. The article names the look-ups and prints no latencies.

use super::{Content, Part};

pub(super) fn content() -> Content {
    Content {
        title: "Four look\u{2011}ups, then one itinerary".into(),
        topic: "Lisbon, three days in October",
        source: super::LATENCIES_ARE_OURS,
        agents: vec![
            Part::new("flights", "flights", 2100)
                .instruction("You search flights. Answer in two sentences with times and prices.")
                .prompt("Which flights suit this trip: {topic}?")
                .answer(
                    "The best one out leaves at 7:40 and lands at 10:15, for 118 euros. The best \
                     one back leaves at 19:30, for 96 euros, and leaves the last day whole.",
                ),
            Part::new("hotels", "hotels", 1800)
                .instruction("You search hotels. Answer in two sentences with places and prices.")
                .prompt("Where to stay on this trip: {topic}?")
                .answer(
                    "A small house near the old town has rooms for 94 euros with breakfast. A \
                     quieter one by the river asks 121 and has a roof to sit on.",
                ),
            Part::new("events", "events", 1300)
                .instruction("You search events. Answer in two sentences with days.")
                .prompt("What is on during this trip: {topic}?")
                .answer(
                    "On the first evening there is a concert in a courtyard, and it is free. On \
                     the second day the museum of tiles stays open until ten.",
                ),
            Part::new("restaurants", "restaurants", 1200)
                .instruction("You search restaurants. Answer in two sentences; say what to order.")
                .prompt("Where to eat on this trip: {topic}?")
                .answer(
                    "A counter by the market grills sardines and takes no bookings. For one long \
                     dinner, book the place on the hill and order the rice with clams.",
                ),
            Part::new("itinerary", "itinerary", 1700)
                .instruction("You plan trips. Use only what was found, and leave time to walk.")
                .prompt(
                    "Plan this trip: {topic}.\n\nFlights: {flights}\n\nHotels: {hotels}\n\nEvents: \
                     {events}\n\nRestaurants: {restaurants}",
                )
                .answer(
                    "## {topic}\n\n### Getting there\n\n{flights}\n\n### Staying\n\n{hotels}\n\n### \
                     Going out\n\n{events}\n\n### Eating\n\n{restaurants}\n\n### Day by day\n\n1. \
                     Arrive, leave the bags, walk down to the river; the concert.\n2. Market and \
                     sardines; the museum late.\n3. The hill, a long lunch, the evening flight.",
                ),
        ],
    }
}
