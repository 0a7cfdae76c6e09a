import type { AlikeImage, AlikeSummary, Picture } from '../../contract/data-report.js';
import type { AlikePlaces } from './alike-images.js';

/** Groups that a report lists at most: the others are only counted. */
const mostGroups = 1000;
/** Groups with a picture. */
const mostPictures = 24;

export interface AlikeContext {
  /** What is known of the image at a place. */
  imageOf(place: number): AlikeImage;
  /** Paints the images at these places as the picture number `index`. */
  paint(places: readonly number[], index: number): Picture;
}

const isLeak = (images: readonly AlikeImage[]) => new Set(images.map(({ part }) => part)).size > 1;
const isConflict = (images: readonly AlikeImage[]) => new Set(images.map(image => image.class)).size > 1;

/** Counts groups of images that are alike, and lists and paints the ones that matter most. */
export function summarizeAlike(
  found: readonly AlikePlaces[],
  { imageOf, paint }: AlikeContext,
): AlikeSummary {
  const groups = found.map(({ places, correlation }) => {
    const images = places.map(imageOf);
    return { places, images, correlation, leak: isLeak(images), conflict: isConflict(images) };
  });
  groups.sort(
    (a, b) =>
      Number(b.leak) - Number(a.leak) ||
      Number(b.conflict) - Number(a.conflict) ||
      b.correlation - a.correlation ||
      a.places[0]! - b.places[0]!,
  );
  return {
    count: groups.length,
    leaks: groups.filter(({ leak }) => leak).length,
    conflicts: groups.filter(({ conflict }) => conflict).length,
    groups: groups.slice(0, mostGroups).map(({ places, images, correlation }, index) => ({
      images,
      correlation,
      picture: index < mostPictures ? paint(places, index) : null,
    })),
  };
}
