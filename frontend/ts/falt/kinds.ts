/** Under this id the kinds lie that were fetched last, for what is seen on no walk. */
export const USUAL_KINDS = "kinds";
