/** What the mode `infer` answers, for checking it where it enters (see answer-schemas.ts). */
import { engineInfo, measured } from './answer-schemas.js';
import type {
  EmbedAnswer,
  FeatureQuality,
  InferenceEvent,
  InferenceRequest,
  Neighbourhood,
  Picture,
  PredictAnswer,
  SubmissionTemplate,
  UnusableImage,
} from './inference.js';
import type { Schema } from './schema.js';
import { any, anyText, count, flag, listOf, natural, oneOf, orNull, shape } from './shape.js';

const unusable = listOf(shape<UnusableImage>({ id: anyText, message: anyText }));
const picture = { id: anyText, label: orNull(anyText), png: anyText };

/** What a mode may print before its answer, by its type. */
export const answerEvents: Record<InferenceEvent['type'], Schema> = {
  progress: shape<Extract<InferenceEvent, { type: 'progress' }>>({
    type: any,
    done: natural,
    total: natural,
  }),
  numbers: shape<Extract<InferenceEvent, { type: 'numbers' }>>({ type: any, base64: anyText }),
  refused: shape<Extract<InferenceEvent, { type: 'refused' }>>({ type: any, message: anyText }),
};

/** What the mode `infer` answers, by the type of the request. */
export const inferenceAnswers: Record<InferenceRequest['type'], Schema> = {
  predict: shape<PredictAnswer>({
    type: oneOf(['predicted']),
    ids: listOf(anyText),
    classes: listOf(anyText),
    template: orNull(
      shape<SubmissionTemplate>({
        start: anyText,
        delimiter: anyText,
        lineEnd: anyText,
        endsWithLine: flag,
        idColumn: anyText,
        header: listOf(anyText),
        columns: listOf({
          type: 'object',
          anyOf: [
            shape<{ kept: string[] }>({ kept: listOf(anyText) }),
            shape<{ fill: 'class' | number; quoted: boolean }>({
              fill: { type: ['string', 'integer'] },
              quoted: flag,
            }),
          ],
        }),
      }),
    ),
    unusable,
    unnamed: natural,
    unnamedIds: listOf(anyText),
    weights: listOf(measured),
    fitted: orNull(
      shape<NonNullable<PredictAnswer['fitted']>>({ loss: measured, equalLoss: measured, images: natural }),
    ),
    engine: engineInfo,
  }),
  embed: shape<EmbedAnswer>({
    type: oneOf(['embedded']),
    ids: listOf(anyText),
    labels: orNull(listOf(anyText)),
    dimensions: natural,
    unusable,
    quality: orNull(
      shape<FeatureQuality>({
        trainImages: natural,
        accuracy: measured,
        nearestNeighbours: listOf(
          shape<FeatureQuality['nearestNeighbours'][number]>({ k: count, accuracy: measured }),
        ),
      }),
    ),
    neighbourhoods: listOf(
      shape<Neighbourhood>({
        query: shape<Picture>(picture),
        neighbours: listOf(shape<Neighbourhood['neighbours'][number]>({ ...picture, similarity: measured })),
      }),
    ),
    engine: engineInfo,
  }),
};
