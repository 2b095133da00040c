import { Command, CommanderError, type OutputConfiguration } from "commander";
import { HyperError, TanrenError } from "../core/errors.ts";
import { printableLine } from "../core/printable.ts";
import { inLanguage, type Language, languages, type Text } from "../core/text.ts";
import { version } from "../core/version.ts";
import { unwritable } from "../node/file-errors.ts";
import { withoutPasswords } from "../node/store/store-address.ts";
import { addBenchCommand } from "./commands/bench.ts";
import { addCompareCommand } from "./commands/compare.ts";
import { addDataCommand } from "./commands/data.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addEvaluateCommand } from "./commands/evaluate.ts";
import { addExportCommand } from "./commands/export.ts";
import { addGradcheckCommand } from "./commands/gradcheck.ts";
import { addInspectCommand } from "./commands/inspect.ts";
import { addListCommand } from "./commands/list.ts";
import { addPredictCommand } from "./commands/predict.ts";
import { addResumeCommand } from "./commands/resume.ts";
import { addRunCommand } from "./commands/run.ts";
import { addSearchCommand } from "./commands/search.ts";
import { addShowCommand } from "./commands/show.ts";
import { addStudioCommand } from "./commands/studio.ts";
import { addStudyCommand } from "./commands/study.ts";
import { addTrainCommand } from "./commands/train.ts";
import { addWorkerCommand } from "./commands/worker.ts";
import { type CliContext, languageOf, openContext } from "./context.ts";
import { inLanguageOfHelp } from "./help-text.ts";
import { usageText } from "./usage-text.ts";

const standardOutput = { en: "standard output:", ja: "標準出力: " };
const elsewhere = { en: "Make room, or send it elsewhere.", ja: "空きを作るか、別の場所へ出力してください。" };

/** Exit codes scripts may rely on. */
const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

const commands = [
  addListCommand,
  addRunCommand,
  addShowCommand,
  addCompareCommand,
  addTrainCommand,
  addEvaluateCommand,
  addPredictCommand,
  addExportCommand,
  addInspectCommand,
  addResumeCommand,
  addSearchCommand,
  addStudyCommand,
  addWorkerCommand,
  addGradcheckCommand,
  addBenchCommand,
  addDoctorCommand,
  addDataCommand,
  addStudioCommand,
];

/** The command line: `args` are those after the program's name. What went wrong is said, and is the exit code. */
export async function main(args: readonly string[]): Promise<void> {
  let running = "";
  prepareProcess(args, () => onlyPrint.includes(running));
  try {
    const program = programFor(args);
    program.hook("preAction", (_, command) => {
      running = command.name();
    });
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = explain(error, args);
  }
}

/** All commands with their options; `args` tell the language of help and errors. */
export function programFor(args: readonly string[]): Command {
  const program = new Command("tanren");
  const contextOf = (): CliContext => openContext(program.opts());
  program
    .description(
      "Trains neural networks and shows why they train. / ニューラルネットワークを訓練し、その仕組みを見せます。",
    )
    .version(version)
    .option("--lang <language>", "ja or en (default: from the locale)")
    .option("--debug", "print stack traces")
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput(outputOf("tanren", args));
  for (const add of commands) {
    add(program, contextOf);
  }
  const prepareCommand = (command: Command, name: string) => {
    command.option("--lang <language>", "ja or en").option("--debug", "print stack traces").exitOverride();
    command.configureOutput(outputOf(name, args));
    command.hook("preAction", () => {
      const { lang } = command.opts();
      if (lang !== undefined) {
        program.setOptionValue("lang", lang);
      }
    });
  };
  for (const outer of program.commands) {
    prepareCommand(outer, outer.name());
    for (const inner of outer.commands) {
      prepareCommand(inner, `${outer.name()} ${inner.name()}`);
    }
  }
  inLanguageOfHelp(program, languageOfArgs(args));
  return program;
}

/** How a command says what is wrong with its line. */
function outputOf(command: string, args: readonly string[]): OutputConfiguration {
  return {
    writeErr: (text) => process.stderr.write(withoutPasswords(text, args)),
    outputError: (said, write) => write(asLine(inLanguage(usageText(command, said), languageOfArgs(args)))),
  };
}

/** Says what went wrong in one sentence; returns the exit code. */
function explain(error: unknown, args: readonly string[]): number {
  const debug = args.includes("--debug");
  if (error instanceof CommanderError) {
    // commander has said it already; --help and --version are no errors.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  const told = debug ? String((error as Error).stack) : inLanguage(sentenceOf(error), languageOfArgs(args));
  process.stderr.write(asLine(withoutPasswords(told, args)));
  return error instanceof HyperError ? exitCodes.usage : exitCodes.failed;
}

/** As a terminal may show it: names that somebody typed may hold control characters. */
const asLine = (told: string) => `${printableLine(told, { color: false })}\n`;

function sentenceOf(error: unknown): Text {
  if (error instanceof TanrenError) {
    return error.text;
  }
  const { message } = error as Error;
  return {
    en: `tanren: ${message}. Run it with --debug to see where.`,
    ja: `tanren: ${message}。--debug を付けて実行すると、どこで起きたかを表示します。`,
  };
}

/** The language to say it in, also where the command line could not be read. */
function languageOfArgs(args: readonly string[]): Language {
  const at = args.findIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  const given = at < 0 ? undefined : args[at].includes("=") ? args[at].slice("--lang=".length) : args[at + 1];
  return languageOf(
    languages.find((language) => language === given),
    process.env,
  );
}

/** Commands whose results are printed and kept nowhere: without a reader they have nothing left to do. */
const onlyPrint: readonly string[] = ["bench", "gradcheck"];

/**
 * How this process, whose program it is, meets broken pipes and passwords among its arguments.
 * @param prints whether what runs only prints
 */
function prepareProcess(args: readonly string[], prints: () => boolean): void {
  let told = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) is no failure, and what is to be kept is kept all the same. A terminal that
    // went away (EIO) has sent a signal too, and the command ends by that.
    if (error.code !== "EPIPE" && error.code !== "EIO" && !told) {
      told = true;
      process.exitCode = explain(unwritable(standardOutput, error, elsewhere), args);
    }
    if (prints() && error.code !== "EIO") {
      process.exit();
    }
  });
  // What a terminal that went away does not take is nothing to fail of: files are still to be written.
  process.stderr.on("error", () => {});
  if (process.argv.some((argument) => withoutPasswords(argument, [argument]) !== argument)) {
    // Every user of the machine can read the arguments of a process.
    process.title = "tanren";
  }
}
