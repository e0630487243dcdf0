//! How far a registration is, and what is told about it, in words.

use super::words::words;

words! {
    /// How far a registration is.
    State {
        /// Listed by the shop, not yet with the ERP.
        Seen = "seen",
        /// The ERP has accepted it and has to decide.
        Announced = "announced",
        /// The ERP said yes; the shop is not yet written.
        Approved = "approved",
        /// Customer and addresses are written and the user is linked; the person has to follow the mail's link.
        Linked = "linked",
        /// The user can log in.
        Active = "active",
        /// The ERP said no.
        Rejected = "rejected",
        /// The shop no longer has the user.
        Gone = "gone",
        /// A person has to look at it; the reason says why.
        Stuck = "stuck",
        /// The personal data is erased; the tombstone says how far it was.
        Erased = "erased",
    }
}

words! {
    /// What a line of the timeline tells.
    Happened {
        /// The shop listed the registration for the first time.
        Seen = "seen",
        /// The ERP accepted it.
        Announced = "announced",
        /// The applicant changed what was typed in.
        Changed = "changed",
        /// The ERP accepted the change.
        ChangeAnnounced = "change announced",
        /// A decision: yes.
        Approved = "approved",
        /// A decision: no.
        Rejected = "rejected",
        /// A decision that came too late to be carried out.
        Conflict = "conflicting decision",
        /// The customer was written.
        CustomerWritten = "customer written",
        /// The link is about to be sent.
        LinkIntended = "link intended",
        /// The user is linked.
        Linked = "linked",
        /// The user can log in.
        Active = "active",
        /// A try failed; there will be another one.
        TryFailed = "try failed",
        /// A person has to look at it.
        Stuck = "stuck",
        /// The shop said "not found" for the first time.
        Missing = "missing",
        /// The shop no longer has the user.
        Gone = "gone",
        /// It can go on: it was listed again, or changed.
        Resumed = "resumed",
        /// Its customer was written again, as the ERP wants it now.
        Updated = "customer updated",
        /// The customer could not be written as the ERP wants it now.
        UpdateRefused = "customer update refused",
        /// The personal data was erased.
        Erased = "erased",
        /// A person wants the activation mail sent once more.
        MailWanted = "mail wanted",
        /// A person wants it linked to another customer.
        RelinkWanted = "relink wanted",
        /// A person has taken its rejection back.
        Reopened = "reopened",
        /// The ledger was brought back from a copy: what happened after that was made is not known here.
        Restored = "ledger restored",
    }
}
