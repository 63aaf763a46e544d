//! The things in the pictures. Every function draws one thing and returns the outline or box that an annotator would have drawn around it,
//! from the very points that were filled, so that annotations fit to the pixel. Nothing here knows of classes or records.

pub mod above;
pub mod car;
pub mod house;
pub mod person;
pub mod sprite;
pub mod street;
pub mod tree;
pub mod vehicle;
pub mod weather;
