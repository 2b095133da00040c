/** The Japanese font's files within its package, regular and bold; of these small ones are made. */
export const japaneseFonts = ["400Regular/BIZUDPGothic_400Regular.ttf", "700Bold/BIZUDPGothic_700Bold.ttf"];

/** The Latin face's, kept whole: its name is reserved for files that nobody has changed. */
export const latinFonts = ["400Regular/SourceSans3_400Regular.ttf", "700Bold/SourceSans3_700Bold.ttf"];

/** What each is called in build/fonts. */
export const fileName = (font) => font.slice(font.indexOf("/") + 1);
