import type { Command, Option } from "commander";
import type { Language } from "../core/text.ts";
import { wrapped } from "../figure/text-width.ts";
import { optionText, settingHelp } from "./training/setting-flags.ts";

/** Descriptions of commands hold both languages: `English / 日本語`. */
const between = " / ";

/** What options and arguments are for, by their English text. */
export const japanese: Readonly<Record<string, string>> = {
  ...settingHelp,
  "output the version number": "バージョンを表示する",
  "display help for command": "使い方を表示する",
  "ja or en (default: from the locale)": "ja か en(省略時はロケールに従う)",
  "ja or en": "ja か en",
  "print stack traces": "スタックトレースも表示する",
  "print JSON": "JSON で出力する",
  "print JSON, nothing else": "JSON だけを出力する",
  "print results only": "結果だけを表示する",
  "print only what needs attention": "注意が必要なことだけを表示する",
  "print run.json on standard output, nothing else": "run.json だけを標準出力に書く",
  "print run.json (or the list) on standard output, nothing else": "run.json(または一覧)だけを標準出力に書く",
  "print study.json on standard output, nothing else": "study.json だけを標準出力に書く",
  "print what differs and every series as JSON, nothing else": "設定の違いと全系列を JSON だけで出力する",
  "one kind, such as optimizers, or the settings of an experiment":
    "種類(optimizers など)の一覧、または実験の設定を表示する",
  "named settings of the experiment": "実験のプリセット",
  "a setting; may be repeated": "設定(繰り返し指定できる)",
  "seed of the random stream": "乱数列のシード",
  "several seeds, one run each": "複数のシード(1つにつき1回実行する)",
  kernels: "カーネル",
  "element type": "数値の型",
  "element type (default: float32; float64 on reference)": "数値の型(省略時は float32。reference では float64)",
  "worker threads": "ワーカースレッドの数",
  "where the files go (default: results/<experiment>/<time>-seed<N>)":
    "出力先のフォルダー(省略時は results/<実験>/<時刻>-seed<N>)",
  "where the files go (default: results/studies/<study>)": "出力先のフォルダー(省略時は results/studies/<探索>)",
  "where the data set's files are": "データセットのファイルがある場所",
  "mnist, a folder of IDX files or a CSV file": "mnist、IDX ファイルのフォルダー、または CSV ファイル",
  "where the data set's files are (default: TANREN_DATA, else what tanren data list shows)":
    "データセットのファイルがある場所(省略時は TANREN_DATA、なければ tanren data list が示す場所)",
  "names of the arrays in safetensors and npz: the book's, or PyTorch's":
    "safetensors と npz の配列名(book は書籍、torch は PyTorch の名前)",
  "element type of the input in onnx (default: float32)": "onnx の入力の型(省略時は float32)",
  "the run store": "実行を記録するストア",
  "mark how far each curve is the same on every computer (twice the time); as --set horizon=on":
    "各曲線がどの計算機でも同じになる範囲を示す(時間は2倍)。--set horizon=on と同じ",
  "write the run's files again": "実行のファイルをもう一度書き出す",
  "how many runs are listed": "一覧に出す実行の数",
  "its id, the beginning of it, or latest": "実行の ID、その先頭の部分、または latest",
  "write series.csv, the figures and the report of all together": "全体の series.csv、図、レポートを書き出す",
  "ids, beginnings of ids, or latest": "実行の ID、その先頭の部分、または latest",
  "writes the figures there too, with a confusion matrix, or predicted over true values":
    "成績と図(混同行列、または予測値と正解の散布図)の出力先フォルダー",
  "the probability of each class, a column each": "各クラスの確率も1列ずつ出力する",
  "columns of the table that stand in front, parted by commas; all: every one":
    "出力の先頭に残す元の表の列(カンマ区切り。all なら全部)",
  "what the network learns from: mnist, or a table of your own (CSV)":
    "学習するデータ(mnist、または自分の CSV ファイル)",
  "of a table: the column that is told, by name or as #3; several parted by commas":
    "表のうち予測する列(列名または #3。複数ならカンマ区切り)",
  "of a table: what the rows held back are measured by (default: by the task)":
    "表を検証する指標(省略時はタスクに応じて選ぶ)",
  "mlp, mlp:32,16, or layers such as 'conv2d 16; relu; maxPool; affine 64; relu'":
    "mlp、mlp:32,16、または 'conv2d 16; relu; maxPool; affine 64; relu' のような層の並び",
  "a fixed setting of the network; may be repeated": "ネットワークの固定の設定(繰り返し指定できる)",
  "what is searched: lr=1e-5..1e-1:log, hidden=16..256, optimizer=sgd,adam; may be repeated":
    "探索する範囲: lr=1e-5..1e-1:log、hidden=16..256、optimizer=sgd,adam など(繰り返し指定できる)",
  "tried before anything is drawn: lr=0.01,hidden=32, or a file (CSV, JSON); may be repeated":
    "最初に試す点: lr=0.01,hidden=32、またはファイル(CSV、JSON。繰り返し指定できる)",
  "a result known beforehand: lr=0.1,hidden=32:0.93, or a file such as a trials.csv; may be repeated":
    "既知の結果: lr=0.1,hidden=32:0.93、または trials.csv などのファイル(繰り返し指定できる)",
  "the table; - is standard input": "表(CSV ファイル)。- は標準入力",
  "the table, as --data": "表(CSV ファイル)。--data でも指定できる",
  "the column that is told, by name or as #3; several parted by commas":
    "予測する列(名前、または #3 のような番号。複数はカンマで区切る)",
  "default: by the target's values": "省略時は予測する列の値から判断する",
  "mlp:16,16 or layers such as 'affine 64; relu; dropout 0.2' (default: mlp:16,16)":
    "mlp:16,16、または 'affine 64; relu; dropout 0.2' のような層の並び(省略時は mlp:16,16)",
  "an update rule of tanren list (default: adam)": "tanren list にある更新則(省略時は adam)",
  "of the rule (lr=0.01), the schedule (cosine.minLr=0), the loss (huber.delta=2), or of any flag; may be repeated":
    "更新則(lr=0.01)、スケジュール(cosine.minLr=0)、損失(huber.delta=2)の設定、またはほかのオプションと同じ設定(繰り返し指定できる)",
  "the column that says how much each row counts; it is not learnt from": "行の重みの列(学習の入力には使わない)",
  "a table that is measured after each epoch, instead of rows held back":
    "エポックごとに測る検証用の表(学習データから取り分ける代わり)",
  "the table that it was measured on (default: where it lay then)": "検証に使っていた表(省略時は元の場所)",
  "seed of the random stream (default: 0)": "乱数列のシード(省略時は 0)",
  "flags from a file, YAML or JSON, as settings.json of another training; flags given count more":
    "オプションを YAML か JSON のファイルから読む(ほかの学習の settings.json など)。直接指定したものが優先される",
  "element type (default: float32)": "数値の型(省略時は float32)",
  "refuse or skip rows with a cell that has no value, or fill the cell (default: refuse)":
    "値のないセルを含む行を refuse(拒む)か skip(飛ばす)か、fill(セルを補う)か(省略時は refuse)",
  "where the model and the run's files go (default: results/train/<time>-seed<N>)":
    "モデルと実行のファイルの出力先(省略時は results/train/<時刻>-seed<N>)",
  "rows with the column that is told; - is standard input": "予測する列も含むデータ。- は標準入力",
  "the model.tanren of a training, or its folder": "学習で得た model.tanren(またはそのフォルダー)",
  "rows to tell of; - is standard input": "予測したいデータ。- は標準入力",
  "where the CSV goes (default: standard output)": "CSV の出力先(省略時は標準出力)",
  "where it goes (default: beside the model)": "出力先(省略時はモデルと同じ場所)",
  "epochs of the whole training, those behind included": "学習全体のエポック数(済んだ分も含む)",
  "the table it began with (default: where it lay then)": "学習を始めたときの表(省略時はそのときの場所)",
  "where the model goes (default: over the old one)": "モデルの出力先(省略時は元のファイルに上書き)",
  "name of the study (default: the objective's and the time)": "探索の名前(省略時は目的関数の名前と時刻)",
  "trials that the study shall have in all": "探索全体の試行数",
  "seed of the study": "探索のシード",
  "which values are better (default: as the objective says)": "値をどちら向きによくするか(省略時は目的関数に従う)",
  "trials at a time here; 0 leaves them to tanren worker": "同時に行う試行の数。0 なら tanren worker に任せる",
  "no trial begins later": "この時間を過ぎたら新しい試行を始めない",
  "a trial that takes longer fails": "これより長くかかる試行は失敗とする",
  "kernels of the network": "ネットワークのカーネル",
  "element type of the network": "ネットワークの数値の型",
  "where studies are kept: a file, or postgres://user:password@host/database":
    "探索を記録する場所: ファイル、または postgres://ユーザー:パスワード@ホスト/データベース",
  "where studies are kept: a file, or postgres://user:password@host/database (default: beside the runs)":
    "探索を記録する場所: ファイル、または postgres://ユーザー:パスワード@ホスト/データベース(省略時は実行と同じ場所)",
  "go on with the study of that name": "その名前の探索を再開する",
  "a module that exports objective(trial), or a table as --data; a network by flags when absent":
    "objective(trial) を export するモジュール、または表(--data と同じ)。省略するとオプションで指定したネットワーク",
  "how many of the best trials are listed": "上位の試行をいくつ表示するか",
  "its name": "探索の名前",
  format: "形式",
  "where it goes (default: standard output)": "出力先(省略時は標準出力)",
  "trials that it shall have in all (default: those that wait)": "探索全体の試行数(省略時は待っている試行だけ)",
  "the objective's file, where it is elsewhere now": "目的関数のファイル(場所が変わったとき)",
  "without it nothing is deleted": "これを付けないと何も削除しない",
  "trials at a time": "同時に行う試行の数",
  "only this study (default: all)": "この探索だけを行う(省略時はすべて)",
  "end when nothing is left to do (default: wait for more)": "することがなくなれば終わる(省略時は次を待つ)",
  "the objective's file, where it is elsewhere on this machine; needs --study":
    "この計算機での目的関数のファイル。--study も指定する",
  "widths of the hidden layers, such as 20,20 or 20x2": "隠れ層のニューロン数(20,20 や 20x2 など)",
  "widths of the hidden layers of 784-…-10": "784-…-10 の隠れ層のニューロン数",
  "columns of the input": "入力の列数",
  "rows of the batch": "バッチの行数",
  "rows of a batch": "バッチの行数",
  "elements checked of each parameter": "各パラメータで確かめる要素の数",
  "seed of weights, inputs and masks": "重み、入力、マスクのシード",
  "a folder that holds the files, packed or not": "ファイルのあるフォルダー(gzip のままでもよい)",
  "a folder on the web; may be repeated": "Web 上のフォルダー(繰り返し指定できる)",
  "the folder to check (default: the one runs read)": "確かめるフォルダー(省略時は実行が読む場所)",
  "utf-8, shift_jis, euc-jp, windows-1252, utf-16le … (default: by evidence)":
    "utf-8、shift_jis、euc-jp、windows-1252、utf-16le など(省略時は内容から判断する)",
  'what parts cells: , ; | tab or blank (default: by evidence, or the line "sep=")':
    "区切り文字: , ; | tab blank のどれか(省略時は内容か「sep=」の行から判断する)",
  "point or comma": "小数点は point か comma",
  "the first row names the columns": "1行目を列名とする",
  "the first row is data": "1行目からデータとする",
  "the column of classes, by name or as #3": "クラスの列(名前、または #3 のような番号)",
  "the columns that are learnt from, parted by commas": "入力に使う列(カンマ区切り)",
  "words that stand for no value, parted by commas; '' for none": "欠損値を表す語(カンマ区切り)。なければ ''",
  "number, boolean, date or category; may be repeated": "number、boolean、date、category のどれか(繰り返し指定できる)",
  "dmy or mdy": "日付の順は dmy か mdy",
  "port of the address; 0 takes a free one": "ポート番号。0 なら空いているものを使う",
  "let other machines in: an address of this one, or 0.0.0.0 (default: this machine only)":
    "ほかの計算機からも開けるようにする: この計算機のアドレスか 0.0.0.0(省略時はこの計算機だけ)",
  "an address under which a proxy shows the studio, such as https://studio.example.org; may be repeated":
    "プロキシがスタジオを公開するアドレス(https://studio.example.org など。繰り返し指定できる)",
  "what every request must carry (default: TANREN_TOKEN, else this user's own)":
    "すべてのリクエストに必要なトークン(省略時は TANREN_TOKEN、なければこのユーザーのもの)",
  "let everybody on this machine in; only without --host":
    "この計算機のすべてのユーザーに開放する(--host がないときだけ)",
  "threads that train": "学習に使うスレッドの数",
  "how often in a row a run may end this process without recording anything new before it is given up":
    "新しい記録のないまま続けて何回プロセスを落としたら、その実行をあきらめるか",
  "the built pages (default: those of this package)": "ビルド済みのページ(省略時はこのパッケージのもの)",
};

/** Lists of names with an English word in between. */
const lists: readonly (readonly [said: RegExp, ja: string])[] = [
  [/^(.*), or all \(the chapter's\)$/, "$1、または all(章の実験すべて)"],
  [/^all, or one of (.*) \(default: (.*) and (.*)\)$/, "all、または $1 のどれか(省略時は $2 と $3)"],
];

const titles: Readonly<Record<string, string>> = {
  "Usage:": "使い方:",
  "Arguments:": "引数:",
  "Options:": "オプション:",
  "Commands:": "コマンド:",
};

/** One part of a text in both languages, the whole where it has only one. */
function partOf(text: string, language: Language): string {
  const at = text.lastIndexOf(between);
  return at < 0 ? text : language === "en" ? text.slice(0, at) : text.slice(at + between.length);
}

/** A description in Japanese; undefined where it has none yet, which a test finds. */
export function helpInJapanese(text: string): string | undefined {
  const list = lists.find(([said]) => said.test(text));
  if (japanese[text] !== undefined || list !== undefined) {
    return japanese[text] ?? text.replace(list?.[0] ?? "", list?.[1] ?? "");
  }
  // Names alone, or a text of both languages.
  return text.includes(between) || !/[a-z]{3} [a-z]/i.test(text) ? partOf(text, "ja") : undefined;
}

/** Has help say everything in one language. */
export function inLanguageOfHelp(program: Command, language: Language): void {
  const say = (text: string) => (language === "en" ? partOf(text, "en") : (helpInJapanese(text) ?? text));
  for (const command of [program, ...program.commands, ...program.commands.flatMap((outer) => outer.commands)]) {
    command.description(say(command.description()));
    for (const described of [...command.options, ...command.registeredArguments]) {
      described.description = say(described.description);
    }
    if (command.commands.length > 0) {
      command.helpCommand("help [command]", say("display help for command"));
    }
    command.helpOption("-h, --help", say("display help for command"));
    command.configureHelp({
      styleTitle: (title) => (language === "en" ? title : (titles[title] ?? title)),
      optionDescription: (option) => describedOption(option, language),
      // commander's own breaks at spaces alone, which Japanese has none of.
      boxWrap: (text, cells) => wrapped(text, cells).join("\n"),
    });
  }
}

/** What an option is for, with its choices and its default where it has such. */
function describedOption({ argChoices, defaultValue, description }: Option, language: Language): string {
  const plain = typeof defaultValue !== "boolean" && !Array.isArray(defaultValue);
  return optionText(description, { choices: argChoices, value: plain ? defaultValue : undefined }, language);
}
