//! The rows: the kinds of calls that the application makes on the way of one registration.

use sandbox::fault;

/// A kind of call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Token,
    UserList,
    Profile,
    Delivery,
    UserRead,
    CustomerRead,
    AddressRead,
    CustomerWrite,
    AddressWrite,
    UserLink,
}

/// Which run makes a call first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// The tick that finds the registration.
    Tick,
    /// The webhook that brings the ERP's approval.
    Decision,
}

/// Who is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    Shop,
    Erp,
}

/// When a host has to close its port, so that this kind of call is the first one to be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closes {
    /// Before the run.
    Before,
    /// With the answer to this call, after so many of them.
    With(fault::Call, u32),
    /// With the last answer of the look at a customer and its one address, which are read at once.
    WithPartiesRead,
}

impl Call {
    /// In the order in which they are made.
    pub const ALL: [Self; 10] = [
        Self::Token,
        Self::UserList,
        Self::Profile,
        Self::Delivery,
        Self::UserRead,
        Self::CustomerRead,
        Self::AddressRead,
        Self::CustomerWrite,
        Self::AddressWrite,
        Self::UserLink,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::UserList => "user list",
            Self::Profile => "profile",
            Self::Delivery => "delivery to the ERP",
            Self::UserRead => "user read",
            Self::CustomerRead => "customer read",
            Self::AddressRead => "address read",
            Self::CustomerWrite => "customer write",
            Self::AddressWrite => "address write",
            Self::UserLink => "user link",
        }
    }

    /// As the sandbox's faults name it.
    pub fn kind(self) -> fault::Call {
        match self {
            Self::Token => fault::Call::Token,
            Self::UserList => fault::Call::UserList,
            Self::Profile => fault::Call::Profile,
            Self::Delivery => fault::Call::Message,
            Self::UserRead => fault::Call::UserGet,
            Self::CustomerRead => fault::Call::CustomerGet,
            Self::AddressRead => fault::Call::AddressGet,
            Self::CustomerWrite => fault::Call::CustomerPut,
            Self::AddressWrite => fault::Call::AddressPut,
            Self::UserLink => fault::Call::UserPatch,
        }
    }

    pub fn host(self) -> Host {
        match self {
            Self::Delivery => Host::Erp,
            Self::Token
            | Self::UserList
            | Self::Profile
            | Self::UserRead
            | Self::CustomerRead
            | Self::AddressRead
            | Self::CustomerWrite
            | Self::AddressWrite
            | Self::UserLink => Host::Shop,
        }
    }

    pub fn run(self) -> Run {
        match self {
            Self::Token | Self::UserList | Self::Profile | Self::Delivery => Run::Tick,
            Self::UserRead
            | Self::CustomerRead
            | Self::AddressRead
            | Self::CustomerWrite
            | Self::AddressWrite
            | Self::UserLink => Run::Decision,
        }
    }

    pub fn closes(self) -> Closes {
        match self {
            Self::Token | Self::Delivery => Closes::Before,
            // The component that runs has no token yet.
            Self::UserList | Self::UserRead => Closes::With(fault::Call::Token, 0),
            Self::Profile => Closes::With(fault::Call::UserList, 0),
            Self::CustomerRead | Self::AddressRead => Closes::With(fault::Call::Profile, 0),
            Self::CustomerWrite => Closes::WithPartiesRead,
            Self::AddressWrite => Closes::With(fault::Call::CustomerPut, 0),
            // The user is read when the work begins, and again right before the link.
            Self::UserLink => Closes::With(fault::Call::UserGet, 1),
        }
    }
}
