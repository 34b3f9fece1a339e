/** Under this name the map's pictures of the ground lie, where the service worker finds them. */
export const TILES = "karta-1";
