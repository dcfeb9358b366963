package io.amphio.examples.notes;

/**
 * A note, as it is stored and as it is sent.
 *
 * @param id its number
 * @param title 1 to 200 characters
 * @param text up to 10,000 characters
 * @param created when, as in {@code 2025-01-31T12:00:00Z}
 * @param updated when it was changed last
 */
record Note(long id, String title, String text, String created, String updated) {}
