//! What the demo region's dictionaries are called in English.

use std::collections::BTreeMap;

use crate::data::translated_names::{Called, Translation};

/// Code, name, and a shorter name where there is one.
type Row = (&'static str, &'static str, &'static str);

const SECTORS: [Row; 12] = [
    ("housing", "Housing", ""),
    ("roads", "Roads", ""),
    ("landscaping", "Public spaces", "Yards"),
    ("waste", "Waste", ""),
    ("transport", "Transport", ""),
    ("health", "Health", ""),
    ("education", "Education", "Schools"),
    ("social", "Social care", "Social"),
    ("construction", "Construction", "Building"),
    ("ecology", "Ecology", ""),
    ("security", "Public order", "Order"),
    ("services", "Public services", "Services"),
];

const TOPICS: [Row; 44] = [
    ("heating", "No heating", "Heating"),
    ("leak", "Leaking roof or pipes", "Leaks"),
    ("hot-water", "No hot water", "Water"),
    ("entrance", "Dirty stairwell", "Stairs"),
    ("lift", "Lift out of order", "Lifts"),
    ("bills", "Wrong bill", "Bills"),
    ("pothole", "Pothole", "Potholes"),
    ("marking", "No road markings", "Markings"),
    ("snow-road", "Snow on the road", "Snow"),
    ("sign", "Damaged road sign", "Signs"),
    ("lights", "Traffic light down", "Signals"),
    ("lamp", "Street lamp out", "Lamps"),
    ("yard", "Yard not cleaned", "Yards"),
    ("playground", "Broken playground", "Play"),
    ("ice", "Icy pavement", "Ice"),
    ("grass", "Grass not mown", "Grass"),
    ("overflow", "Waste not collected", "Waste"),
    ("dump", "Illegal dump", "Dumps"),
    ("container", "Broken container", "Bins"),
    ("late-bus", "Bus off schedule", "Delays"),
    ("stop", "No shelter at a stop", "Stops"),
    ("crowded", "Overcrowded bus", "Crowds"),
    ("appointment", "No doctor’s appointment", "Visits"),
    ("ambulance", "Late ambulance", "Ambulance"),
    ("medicine", "No subsidised medicine", "Medicine"),
    ("queue", "Queue at a clinic", "Queues"),
    ("kindergarten", "Nursery place", "Nursery"),
    ("school-food", "School meals", "Meals"),
    ("school-cold", "Cold classroom", "Cold"),
    ("payment", "Payment not received", "Payments"),
    ("benefit", "Claiming a benefit", "Benefits"),
    ("care", "Help at home", "Care"),
    ("noise", "Noise at night", "Noise"),
    ("fence", "Damaged fence", "Fences"),
    ("delay", "House not finished", "Delays"),
    ("smell", "Smell of burning", "Smell"),
    ("river", "Polluted river", "Rivers"),
    ("trees", "Illegal felling", "Felling"),
    ("dogs", "Stray dogs", "Dogs"),
    ("parking", "Parking on grass", "Parking"),
    ("fire", "Blocked fire exit", "Exits"),
    ("mfc-queue", "Queue at a service centre", "Queues"),
    ("document", "Delayed document", "Papers"),
    ("site", "Portal not working", "Portal"),
];

const CHANNELS: [Row; 8] = [
    ("portal", "Regional portal", "Portal"),
    ("gosuslugi", "Gosuslugi", ""),
    ("social", "Social networks", "Social"),
    ("hotline", "Hotline", ""),
    ("app", "Mobile app", "App"),
    ("reception", "Reception", ""),
    ("emergency", "Emergency 112", "112"),
    ("agencies", "Agencies", ""),
];

const AGENCIES: [Row; 30] = [
    ("heat", "Heat supply", "Heat"),
    ("housing", "Managing companies", "Housing co."),
    ("lifts", "Lift service", "Lifts"),
    ("billing", "Billing centre", "Billing"),
    ("roads", "Roads committee", "Roads"),
    ("cleaning", "Street cleaning", "Cleaning"),
    ("light", "Street lighting", "Lighting"),
    ("parks", "Parks service", "Parks"),
    ("waste", "Waste operator", "Waste"),
    ("transport", "Transport committee", "Transport"),
    ("health", "Ministry of Health", "Health"),
    ("pharmacy", "Regional pharmacy", "Pharmacy"),
    ("education", "Ministry of Education", "Education"),
    ("social", "Ministry of Social Care", "Social care"),
    ("building", "Building inspection", "Building"),
    ("ecology", "Ministry of Ecology", "Ecology"),
    ("forest", "Forest guard", "Forest"),
    ("animals", "Veterinary service", "Vets"),
    ("inspection", "City inspection", "Inspection"),
    ("mfc", "Service centres", "Centres"),
    ("digital", "Digital centre", "Digital"),
    ("water", "Water utility", "Water"),
    ("gas", "Gas service", "Gas"),
    ("power", "Power grid", "Power"),
    ("culture", "Ministry of Culture", "Culture"),
    ("sport", "Ministry of Sport", "Sport"),
    ("labour", "Employment service", "Labour"),
    ("trade", "Trade office", "Trade"),
    ("property", "Land committee", "Land"),
    ("archive", "Archive service", "Archive"),
];

fn called(rows: &[Row]) -> BTreeMap<String, Called> {
    let own = |(code, name, short): &Row| {
        let short = (!short.is_empty()).then(|| (*short).to_owned());
        ((*code).to_owned(), Called { name: (*name).to_owned(), short })
    };
    rows.iter().map(own).collect()
}

/// The names.
pub fn translation() -> Translation {
    Translation {
        region: "Zavolotsk Region".to_owned(),
        centre: "Zavolotsk Region Centre".to_owned(),
        sectors: called(&SECTORS),
        topics: called(&TOPICS),
        channels: called(&CHANNELS),
        agencies: called(&AGENCIES),
    }
}

#[cfg(test)]
mod tests {
    use super::super::World;
    use crate::clock::Moment;

    #[test]
    fn every_name_of_the_demo_region_is_there_in_english_too() {
        let own = &World::new(1, Moment(1_795_172_712_000)).region.dictionaries;
        let english = own.translated("en").unwrap();
        let cyrillic = |name: &str| name.chars().any(|c| ('а'..='я').contains(&c.to_ascii_lowercase()) || c == 'ё');
        let terms = |d: &crate::data::region::Dictionaries| -> Vec<String> {
            let lists = [&d.sectors, &d.channels, &d.agencies].into_iter().flatten();
            lists.map(|term| term.name.clone()).chain(d.topics.iter().map(|topic| topic.name.clone())).collect()
        };
        assert!(terms(own).iter().any(|name| cyrillic(name)));
        assert_eq!(terms(&english).iter().filter(|name| cyrillic(name)).count(), 0);
        assert_eq!(english.municipalities, own.municipalities);
        assert_eq!(own.translated("fr"), None);
    }
}
