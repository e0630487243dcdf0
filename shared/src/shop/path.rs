//! The addresses of the shop's objects, and the one place that knows how they are spelt.

use http::Method;

use crate::{
    key::{AddressKey, CustomerKey, OriginCode, ProfileId, UserKey},
    settings::Slash,
};

/// An address of the shop.
#[derive(Debug, Clone, Copy)]
pub enum Path<'a> {
    /// The list of users of an origin.
    Users(&'a OriginCode),
    /// One user.
    User(&'a OriginCode, &'a UserKey),
    /// One profile. It is not under an origin.
    Profile(ProfileId),
    /// One customer.
    Customer(&'a OriginCode, &'a CustomerKey),
    /// One address.
    Address(&'a OriginCode, &'a AddressKey),
}

impl Path<'_> {
    /// The path as the setting wants it.
    #[must_use]
    pub fn spelt(&self, method: &Method, slash: Slash) -> String {
        let documented_slash = match self {
            // "New user registration without activation in CloudSuite" has a slash before a list's query; "Orders POST" has one
            // after an address key; customers are only shown by a third party's client, with a slash.
            Self::Users(_) | Self::Customer(..) | Self::Address(..) => true,
            // The same first page has none after a user's key or a profile's id.
            Self::User(..) | Self::Profile(_) => false,
        };
        let (root, slash) = match slash {
            Slash::Always => ("/api", true),
            Slash::Never => ("/api", false),
            // The PATCH on a user is the one call that the pages write in upper case.
            Slash::Documented if *method == Method::PATCH => ("/API", documented_slash),
            Slash::Documented => ("/api", documented_slash),
        };
        let rest = match self {
            Self::Users(origin) => format!("origin/{}/user", origin.segment()),
            Self::User(origin, key) => format!("origin/{}/user/{}", origin.segment(), key.segment()),
            Self::Profile(id) => format!("userprofile/{id}"),
            Self::Customer(origin, key) => format!("origin/{}/customer/{}", origin.segment(), key.segment()),
            Self::Address(origin, key) => format!("origin/{}/address/{}", origin.segment(), key.segment()),
        };
        format!("{root}/{rest}{}", if slash { "/" } else { "" })
    }

    /// What a call to this address is, in words for a person.
    #[must_use]
    pub fn in_words(&self) -> &'static str {
        match self {
            Self::Users(_) => "the shop's user list",
            Self::User(..) => "the shop's user",
            Self::Profile(_) => "the shop's user profile",
            Self::Customer(..) => "the shop's customer",
            Self::Address(..) => "the shop's address",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_setting_spells_every_path() {
        let origin = "SHOP".parse().unwrap();
        let user = "5b1f".parse().unwrap();
        let customer = "C/1".parse().unwrap();
        let address = "C-1-1".parse().unwrap();
        let all = [
            (Method::GET, Path::Users(&origin)),
            (Method::GET, Path::User(&origin, &user)),
            (Method::PATCH, Path::User(&origin, &user)),
            (Method::GET, Path::Profile(7.into())),
            (Method::PUT, Path::Customer(&origin, &customer)),
            (Method::PUT, Path::Address(&origin, &address)),
        ];
        let spelt = [Slash::Always, Slash::Never, Slash::Documented]
            .map(|slash| all.each_ref().map(|(method, path)| path.spelt(method, slash)).join("\n"))
            .join("\n\n");
        insta::assert_snapshot!(spelt, @r"
        /api/origin/SHOP/user/
        /api/origin/SHOP/user/5b1f/
        /api/origin/SHOP/user/5b1f/
        /api/userprofile/7/
        /api/origin/SHOP/customer/C%2F1/
        /api/origin/SHOP/address/C-1-1/

        /api/origin/SHOP/user
        /api/origin/SHOP/user/5b1f
        /api/origin/SHOP/user/5b1f
        /api/userprofile/7
        /api/origin/SHOP/customer/C%2F1
        /api/origin/SHOP/address/C-1-1

        /api/origin/SHOP/user/
        /api/origin/SHOP/user/5b1f
        /API/origin/SHOP/user/5b1f
        /api/userprofile/7
        /api/origin/SHOP/customer/C%2F1/
        /api/origin/SHOP/address/C-1-1/
        ");
    }
}
