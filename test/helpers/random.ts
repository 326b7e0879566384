/** Random numbers for tests, the same for the same seed. */
export * from "../../scripts/lib/random";
