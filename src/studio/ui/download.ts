import { ToldError } from "../../web/told-error.ts";

/** Gives the person a file. */
export function download(name: string, contents: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([contents], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Draws an SVG's text as PNG, at twice its size. @throws Error when the browser cannot draw it */
export async function pngOf(svg: string): Promise<Blob> {
  const size = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg);
  const [width, height] = [Number(size?.[1] ?? 760), Number(size?.[2] ?? 500)];
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) =>
        blob === null
          ? reject(
              new ToldError({
                en: "The browser gave no picture. Save the SVG instead.",
                ja: "ブラウザーが画像を作れませんでした。SVG で保存してください。",
              }),
            )
          : resolve(blob),
      "image/png",
    );
  });
}
