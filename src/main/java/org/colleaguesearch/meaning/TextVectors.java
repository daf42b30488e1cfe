package org.colleaguesearch.meaning;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;

/**
 * What a text means: vectors of length 1, near to each other for texts of a like meaning.
 *
 * @param vectors of the whole text, then of each of its sentences; of fewer, if the model did not read to the end
 */
record TextVectors(List<float[]> vectors) {
    /** Components are at most about 0.25: vectors of length 1 with 384 of them. */
    private static final float STEPS = 508;

    /** The whole, in bytes from -127 to 127, as the index has it. On judged questions, as good as the exact one. */
    int[] vector() {
        float[] whole = vectors.getFirst();
        int[] bytes = new int[whole.length];
        for (int i = 0; i < whole.length; i++) {
            bytes[i] = Math.clamp(Math.round(whole[i] * STEPS), -127, 127);
        }
        return bytes;
    }

    /**
     * Enough of the sentences to find the one that is nearest to a question: how each differs from the whole, as the length
     * of the difference and its signs. In Base64, 52 bytes a sentence.
     */
    String differences() {
        float[] whole = vectors.getFirst();
        List<float[]> sentences = vectors.subList(1, vectors.size());
        int length = Float.BYTES + whole.length / Byte.SIZE;
        ByteBuffer all = ByteBuffer.allocate(sentences.size() * length);
        for (float[] sentence : sentences) {
            byte[] signs = new byte[whole.length / Byte.SIZE];
            double squares = 0;
            for (int i = 0; i < whole.length; i++) {
                float difference = sentence[i] - whole[i];
                squares += difference * difference;
                if (difference > 0) {
                    signs[i / Byte.SIZE] |= (byte) (1 << i % Byte.SIZE);
                }
            }
            all.putFloat((float) Math.sqrt(squares)).put(signs);
        }
        return Base64.getEncoder().encodeToString(all.array());
    }

    /**
     * The place of the sentence that is nearest to a question. It is the exactly nearest one in three of four texts, and
     * otherwise about as near.
     *
     * @param question its vector, of any length
     * @param differences of at least one sentence
     */
    static int nearest(int[] question, String differences) {
        ByteBuffer all = ByteBuffer.wrap(Base64.getDecoder().decode(differences));
        int nearest = 0;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int place = 0; all.hasRemaining(); place++) {
            float length = all.getFloat();
            byte[] signs = new byte[question.length / Byte.SIZE];
            all.get(signs);
            long sum = 0;
            for (int i = 0; i < question.length; i++) {
                sum += (signs[i / Byte.SIZE] & 1 << i % Byte.SIZE) != 0 ? question[i] : -question[i];
            }
            if (length * sum > greatest) {
                greatest = length * sum;
                nearest = place;
            }
        }
        return nearest;
    }
}
