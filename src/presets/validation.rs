//! The article's scenario of input validation: four checks of one form, and all that is wrong with
//! it in one answer. A check that fails must not take the others' findings with it, so this one
//! collects. The article names the checks and prints no latencies, only that it is below a second.

use super::{Content, Part};

pub(super) fn content() -> Content {
    Content {
        title: "Four checks, then one list of problems".into(),
        topic: "e-mail: ada@example,org; phone: +44 20 7946 09; address: 12 Nowhere Lane, \
                London; note: thanks, you darn geniuses",
        source: "The article asks for less than a second; the latencies are ours.",
        agents: vec![
            Part::new("format", "format_check", 150)
                .instruction("You check the format of e-mail addresses. Name the problem in one sentence, or answer: no problem.")
                .prompt("Check the e-mail address in this form: {topic}")
                .answer("The e-mail address has a comma where a full stop belongs, so no mail can reach it."),
            Part::new("phone", "phone_check", 300)
                .instruction("You check telephone numbers. Name the problem in one sentence, or answer: no problem.")
                .prompt("Check the telephone number in this form: {topic}")
                .answer("The telephone number is two digits short for the country that it begins with."),
            Part::new("address", "address_check", 550)
                .instruction("You look postal addresses up. Name the problem in one sentence, or answer: no problem.")
                .prompt("Check the postal address in this form: {topic}")
                .answer("The street is not in the register of that city; there is no postcode to find it by."),
            Part::new("profanity", "profanity_check", 400)
                .instruction("You look for words that a form should not pass on. Name the problem in one sentence, or answer: no problem.")
                .prompt("Check the words of this form: {topic}")
                .answer("One mild word in the note; it is below the limit, so this is no problem in itself."),
            Part::new("problems", "problems", 250)
                .instruction("You tell people all that is wrong with their form at once, kindly. Say so where a check could not be made.")
                .prompt(
                    "List the problems of this form: {topic}\n\nE-mail: {format_check}\n\nPhone: \
                     {phone_check}\n\nAddress: {address_check}\n\nWords: {profanity_check}",
                )
                .answer(
                    "## Before we can take this\n\n> {topic}\n\n- **E-mail.** {format_check}\n- \
                     **Phone.** {phone_check}\n- **Address.** {address_check}\n- **Note.** \
                     {profanity_check}",
                ),
        ],
    }
}
