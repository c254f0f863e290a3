"""Calls of TensorFlow by family: corners, and seeded random ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

CONTROL = """
tf.map_fn(lambda row: row * 2.0, $t5x3)
tf.map_fn(lambda row: tf.reduce_sum(row), $t5x3)
tf.map_fn(lambda row: tf.reshape(row, (3, 1)), $t5x3)
tf.map_fn(lambda pair: pair[0] + pair[1], ($t5x3, $t5x3), fn_output_signature=tf.float32)
tf.map_fn(lambda row: (row, tf.reduce_sum(row)), $t5x3, fn_output_signature=(tf.float32, tf.float32))
tf.vectorized_map(lambda row: tf.reduce_sum(row), $t5x3)
tf.vectorized_map(lambda row: tf.matmul(row, row), $t5x3x3)
tf.scan(lambda total, row: total + row, $t5x3)
tf.scan(lambda total, row: total + tf.reduce_sum(row), $t5x3, initializer=0.0)
tf.foldl(lambda total, row: total + row, $t5x3)
tf.foldr(lambda total, row: total + row, $t5x3, initializer=$t3)
tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x * 2.0), (0, $t2x3))
tf.while_loop(lambda i, x: i < 3, lambda i, x: [i + 1, x * 2.0], [0, $t2x3])
~tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, tf.concat([x, x], 0)), (0, $t2x3))
~tf.cond(tf.constant(True), lambda: $t2x3, lambda: $t4)
~tf.cond(tf.reduce_sum($t3) > 0.0, lambda: $t2x3, lambda: $t2x4)
tf.cond(tf.reduce_sum($t3) > 0.0, lambda: $t2x3 * 2.0, lambda: $t2x3)
tf.switch_case(tf.constant(1), [lambda: $t2x3, lambda: $t4])
tf.function(lambda x: x * 2.0)($t2x3)
tf.function(lambda x: tf.reduce_sum(x, axis=0))($t2x3)
~tf.numpy_function(lambda x: x, [$t2x3], tf.float32)
~tf.py_function(lambda x: x, [$t2x3], tf.float32)
tf.identity_n([$t2x3, $t4])
tf.nest.flatten(($t2x3, [$t4, $t5]))
tf.nest.flatten({"b": $t2x3, "a": $t4})
tf.nest.map_structure(lambda x: tf.reduce_sum(x, axis=0), [$t2x3, $t4])
tf.clip_by_global_norm([$t2x3, $t4], 1.0)
tf.linalg.global_norm([$t2x3, $t4])
tf.debugging.check_numerics($t2x3, "bad")
tf.ensure_shape($t2x3, (2, 3))
tf.ensure_shape($t2x3, (None, 3))
tf.ensure_shape($t2x3, (2, 4))
tf.ensure_shape($t2x3, (6,))
tf.is_tensor($t3)
tf.is_tensor($3)
"""

VARIABLES = """
tf.Variable($2x3)
tf.Variable(1.0)
tf.Variable([1, 2, 3])
tf.Variable([[1.0, 2.0]], dtype=tf.float64)
tf.Variable($t2x3, shape=(None, 3))
tf.Variable(tf.zeros((2, 3)), trainable=False, name="v")
$v2x3.assign($t2x3)
$v2x3.assign($t3)
$v2x3.assign($t3x2)
$v2x3.assign(1.0)
$v2x3.assign(value=$2x3:float32)
$v2x3.assign_add(delta=$t2x3)
$v2x3.assign_add(1.0)
$v2x3.assign_add($t3)
$v2x3.assign_sub($t3x2)
$v2x3.scatter_nd_update([[0]], [[1.0, 2.0, 3.0]])
$v5x3.gather_nd([[0], [1]])
$v5x3.sparse_read([0, 1])
$v2x3.read_value()
$v2x3.value()
$v2x3.numpy()
$v2x3.dtype
tf.TensorArray(tf.float32, size=3).write(0, $t4).stack()
tf.TensorArray(tf.float32, size=3).unstack($t3x4).stack()
tf.TensorArray(tf.float32, size=3).unstack($t3x4).read(1)
tf.TensorArray(tf.float32, size=2).write(0, $t4).write(1, $t4).stack()
~tf.TensorArray(tf.float32, size=0, dynamic_size=True).write(0, $t4).stack()
tf.TensorArray(tf.float32, size=3, element_shape=(4,)).size()
tf.TensorArray(tf.float32, size=3).unstack($t3x4).gather([0, 2])
"""

LINALG = """
tf.linalg.svd($t3x4)
tf.linalg.svd($t2x3x4, full_matrices=True)
tf.linalg.svd($t3x4, compute_uv=False)
tf.linalg.svd($t3)
tf.linalg.qr($t4x3)
tf.linalg.qr($t3x4, full_matrices=True)
tf.linalg.eigh($t3x3)
tf.linalg.eigh($t3x4)
tf.linalg.eig($t3x3)
tf.linalg.eigvalsh($t3x3)
tf.linalg.det($t5x3x3)
tf.linalg.det($t3x4)
tf.linalg.logdet($t3x3)
tf.linalg.slogdet($t2x3x3)
tf.linalg.trace($t5x3x4)
tf.linalg.inv($t5x3x3)
tf.linalg.inv($t3x4)
tf.linalg.pinv($t3x4)
tf.linalg.expm($t3x3)
tf.linalg.adjoint($t5x3x4)
tf.linalg.matrix_transpose($t5x3x4)
tf.linalg.band_part($t3x4, -1, 0)
tf.linalg.set_diag($t3x3, $t3)
tf.linalg.cross($t5x3, $t5x3)
tf.linalg.solve($t3x3, $t3x2)
tf.linalg.solve($t3x3, $t4x2)
tf.linalg.solve($t3x3, $t3)
tf.linalg.triangular_solve($t3x3, $t3x2)
tf.linalg.lstsq($t5x3, $t5x2)
tf.linalg.lu($t3x3)
tf.linalg.matrix_rank($t5x3x4)
tf.linalg.diag($t5x3)
tf.linalg.diag($t3, k=1)
tf.linalg.diag_part($t5x3x4)
tf.linalg.diag_part($t4x4, k=1)
tf.linalg.tensor_diag($t2x3)
tf.linalg.tensor_diag_part($t2x3x2x3)
tf.linalg.normalize($t5x3, axis=-1)
tf.linalg.normalize($t5x3)
tf.linalg.matvec($t5x3, $t3)
tf.linalg.matmul($t5x3, $t3x4)
tf.linalg.eye(3)
tf.complex($t3, $t3)
tf.norm($t5x3, ord=1, axis=-1)
tf.tensordot($t5x3, $t3x4, [[1], [0]])
tf.tensordot($t5x3x4, $t4x3x2, [[1, 2], [1, 0]])
tf.einsum("bij,bjk->bik", $t2x3x4, $t2x4x5)
tf.einsum("bhqd,bhkd->bhqk", $t2x3x4x5, $t2x3x6x5)
tf.einsum("ij->ji", $t3x4)
tf.einsum("...d,de->...e", $t2x3x4, $t4x5)
"""

SIGNAL = """
tf.signal.frame($t100, 20, 10)
tf.signal.frame($t2x100, 20, 7, pad_end=True)
tf.signal.frame($t100x2, 20, 10, axis=0)
tf.signal.frame($t10, 20, 10)
tf.signal.overlap_and_add($t2x5x8, 4)
tf.signal.stft($t1000, 256, 128)
tf.signal.stft($t2x1000, frame_length=255, frame_step=128, pad_end=True)
tf.signal.stft(signals=$t1000, frame_length=200, frame_step=100, fft_length=512)
tf.abs(tf.signal.stft($t1000, 256, 128))
tf.signal.inverse_stft(tf.signal.stft($t1000, 256, 128), 256, 128)
tf.signal.rfft($t4x16)
tf.signal.rfft($t4x16, [8])
tf.signal.irfft(tf.signal.rfft($t4x16))
tf.signal.rfft2d($t8x16)
tf.signal.irfft2d(tf.signal.rfft2d($t8x16))
tf.signal.fft(tf.cast($t16, tf.complex64))
tf.signal.fft2d(tf.cast($t8x16, tf.complex64))
tf.signal.fftshift($t8x16)
tf.signal.dct($t4x16)
tf.signal.dct($t4x16, n=8)
tf.signal.hann_window(20)
tf.signal.hamming_window(window_length=20, periodic=False)
tf.signal.kaiser_window(20)
tf.signal.linear_to_mel_weight_matrix(40, 129, 16000)
tf.signal.linear_to_mel_weight_matrix()
tf.signal.mfccs_from_log_mel_spectrograms($t2x10x40)
tf.tensordot(tf.abs(tf.signal.stft($t1000, 256, 128)), tf.signal.linear_to_mel_weight_matrix(40, 129, 16000), 1)
"""

STRINGS = """
tf.strings.lower(["A", "B"])
tf.strings.upper(tf.constant([["A"], ["B"]]))
tf.strings.strip("  a ")
tf.strings.regex_replace(["a", "b"], "a", "c")
tf.strings.regex_full_match(["a", "b"], "a")
tf.strings.length(["a", "bb"])
tf.strings.to_number(["1", "2"])
tf.strings.to_number("1", tf.int32)
tf.strings.to_number(["1", "2"], out_type=tf.int64)
tf.strings.as_string($t2x3)
tf.as_string([1, 2])
tf.strings.substr(["abc", "def"], 0, 2)
tf.strings.to_hash_bucket_fast(["a", "b"], 10)
tf.strings.join([["a", "b"], "c"])
tf.strings.join(inputs=[["a", "b"], ["c", "d"]], separator=" ")
tf.strings.join(["a", "b"])
tf.strings.reduce_join([["a", "b"], ["c", "d"]], axis=1)
tf.strings.reduce_join(["a", "b"])
tf.strings.format("{}", $t3)
~tf.strings.split(["a b", "c"])
~tf.strings.split("a b c")
~tf.strings.bytes_split(["ab", "c"])
~tf.strings.unicode_split(["ab", "c"], "UTF-8")
~tf.ragged.constant([[1, 2], [3]])
~tf.sparse.from_dense([[1, 0], [0, 2]])
~tf.io.decode_raw(["abcd", "efgh"], tf.uint8)
tf.io.decode_csv(["1,2.5,a", "2,3.5,b"], [0, 0.0, ""])
tf.io.decode_csv("1,2.5,a", [[0], [0.0], [""]])
~tf.io.parse_tensor(tf.io.serialize_tensor($t2x3), tf.float32)
tf.io.serialize_tensor($t2x3)
tf.io.encode_png($5x4x3:uint8)
~tf.io.decode_png(tf.io.encode_png($5x4x3:uint8))
~tf.io.decode_png(tf.io.encode_png($5x4x3:uint8), channels=3)
~tf.io.decode_image(tf.io.encode_png($5x4x3:uint8), channels=3, expand_animations=False)
~tf.io.decode_jpeg(tf.io.encode_jpeg($5x4x3:uint8), channels=3)
~tf.image.decode_jpeg(contents=tf.io.encode_jpeg(image=$5x4x3:uint8), channels=3)
"""

IMAGES = """
tf.image.crop_and_resize($t2x8x8x3, $t5x4, [0, 0, 1, 1, 0], (4, 6))
tf.image.crop_and_resize($t8x8x3, $t5x4, [0, 0, 0, 0, 0], (4, 6))
tf.image.sobel_edges($t2x8x8x3)
tf.image.image_gradients($t2x8x8x3)
tf.image.image_gradients($t8x8x3)
~tf.image.non_max_suppression($t5x4, $t5, 3)
tf.image.total_variation($t2x8x8x3)
tf.image.total_variation($t8x8x3)
tf.image.ssim($t2x16x16x3, $t2x16x16x3, max_val=1.0)
tf.image.psnr($t2x16x16x3, $t2x16x16x3, 1.0)
tf.image.psnr($t16x16x3, $t16x16x3, 1.0)
tf.image.draw_bounding_boxes($t2x8x8x3, $t2x5x4, $t3x4)
tf.image.transpose($t2x8x6x3)
tf.image.adjust_jpeg_quality($8x6x3:uint8, 50)
tf.image.resize(images=$t2x8x8x3, size=[4, 5], method="nearest")
tf.image.resize($8x8x3:uint8, [4, 5], method="nearest")
tf.image.resize($8x8x3:uint8, [4, 5], method=tf.image.ResizeMethod.NEAREST_NEIGHBOR)
tf.image.resize($8x8x3:uint8, [4, 5], method="bicubic")
tf.image.resize($t8x6x3, [4, 4], preserve_aspect_ratio=True)
tf.image.resize($t2x8x8x3, 4)
tf.image.resize($t2x8x8x3, [4])
tf.image.resize_with_pad(image=$t8x8x3, target_height=6, target_width=10)
tf.image.resize_with_pad($8x8x3:uint8, 6, 10)
tf.image.resize_with_crop_or_pad($8x8x3:uint8, 6, 10)
tf.image.resize_with_crop_or_pad($t8x8, 6, 10)
tf.image.central_crop($t8x8x3, 0.5)
tf.image.central_crop($t2x9x7x3, 0.4)
tf.image.random_crop(value=$t8x8x3, size=(4, 4, 3))
tf.image.random_crop($t8x8x3, (9, 4, 3))
tf.image.random_crop($t8x8x3, (4, 4))
tf.image.stateless_random_crop($t8x8x3, (4, 4, 3), seed=(1, 2))
tf.image.crop_to_bounding_box($t2x8x8x3, 1, 1, 4, 5)
tf.image.crop_to_bounding_box($t8x8x3, 5, 5, 4, 5)
tf.image.pad_to_bounding_box($t8x8x3, 1, 1, 10, 12)
tf.image.pad_to_bounding_box($t8x8x3, 1, 1, 4, 12)
tf.image.flip_left_right($8x8x3:uint8)
tf.image.flip_left_right($t8x8)
tf.image.random_flip_up_down($t2x8x8x3)
tf.image.adjust_brightness($8x8x3:uint8, 0.1)
tf.image.adjust_contrast(images=$t8x8x3, contrast_factor=2.0)
tf.image.adjust_saturation($8x8x3:uint8, 2.0)
tf.image.adjust_hue($t8x8x3, 0.1)
tf.image.adjust_hue($t8x8x1, 0.1)
tf.image.adjust_gamma($8x8x3:uint8, 0.5)
tf.image.random_brightness($t8x8x3, max_delta=0.3)
tf.image.random_contrast($8x8x3:uint8, 0.5, 1.5)
tf.image.per_image_standardization($8x8x3:uint8)
tf.image.rgb_to_grayscale($8x8x3:uint8)
tf.image.rgb_to_grayscale(images=$t2x8x8x3)
tf.image.rgb_to_grayscale($t8x8x1)
tf.image.grayscale_to_rgb($t8x8x3)
tf.image.rgb_to_hsv(images=$t8x8x3)
tf.image.rgb_to_hsv($t8x8x4)
tf.image.rgb_to_yuv($t8x8x3)
tf.image.convert_image_dtype($8x8x3:uint8, tf.float32)
tf.image.convert_image_dtype(image=$t8x8x3, dtype=tf.uint8)
tf.image.extract_patches(images=$t2x8x8x3, sizes=[1, 2, 2, 1], strides=[1, 1, 1, 1], rates=[1, 1, 1, 1], padding="SAME")
"""

VARIOUS = """
tf.histogram_fixed_width($t10, [0.0, 1.0], nbins=5)
~tf.math.bincount([1, 2, 3])
tf.math.in_top_k([1, 0], $t2x5, 2)
tf.math.invert_permutation([1, 0, 2])
tf.math.scalar_mul(2.0, $t3)
tf.math.zero_fraction($t3)
tf.math.cumulative_logsumexp($t2x3, axis=1)
~tf.dynamic_partition($t5x3, [0, 1, 0, 1, 1], 2)
tf.unravel_index([3, 4], [2, 3])
tf.space_to_batch($t2x4x6x3, [2, 2], [[0, 0], [0, 0]])
tf.batch_to_space($t8x2x3x3, [2, 2], [[0, 0], [1, 0]])
tf.nn.l2_loss($t2x3)
tf.nn.crelu($t2x3)
tf.nn.weighted_cross_entropy_with_logits($t2x3, $t2x3, 2.0)
tf.nn.compute_average_loss($t8)
tf.searchsorted([1.0, 2.0, 3.0], $t4)
tf.bitcast($t3, tf.int32)
tf.reverse_sequence($t2x5, [2, 3], seq_axis=1)
tf.broadcast_static_shape(tf.TensorShape([2, 1]), tf.TensorShape([3]))
tf.broadcast_dynamic_shape(tf.shape($t2x1), tf.shape($t3))
~tf.unique([1, 2, 1])
~tf.unique_with_counts([1, 2, 1])
tf.tensor_scatter_nd_update($t5x3, [[0]], $t1x3)
tf.tensor_scatter_nd_update(tensor=$t5x3, indices=[[0]], updates=$t1x3)
tf.tensor_scatter_nd_add($t5x3, [[0], [1]], $t2x3)
tf.tensor_scatter_nd_update($t5x3, [[0]], $t1x4)
tf.scatter_nd([[0], [2]], $t2x3, [5, 3])
tf.scatter_nd([[0], [2]], $t2x3, [5, 4])
tf.gather_nd($t5x3, [[0], [1]])
tf.gather_nd($t5x3, [[0, 1]])
tf.gather_nd($t5x3, [[0, 1, 0]])
tf.gather_nd($t2x5x3, [[[0]], [[1]]], batch_dims=1)
tf.gather($t5x3, [0, 1], axis=1)
tf.gather(params=$t5x3, indices=[[0, 1]], axis=0)
tf.gather($t2x5, [[0, 1], [1, 0]], batch_dims=1)
tf.gather($t5x3, [0, 1], axis=2)
tf.gather($t5x3, 0)
~tf.boolean_mask($t5x3, [True, False, True, True, False])
~tf.boolean_mask($t5x3, [True, False, True])
~tf.boolean_mask($t5x3, [True, False, True], axis=1)
tf.slice($t5x3, [1, 0], [2, -1])
tf.slice($t5x3, [1, 0], [9, 2])
tf.slice($t5x3, [1], [2])
tf.strided_slice($t5x3, [0, 0], [4, 3], [2, 1])
tf.sequence_mask([1, 3, 2], 5)
tf.sequence_mask([1, 3, 2], maxlen=4, dtype=tf.float32)
~tf.sequence_mask([1, 3, 2])
tf.one_hot([0, 1, 2], depth=3, on_value=1, off_value=0)
tf.one_hot([0, 1, 2], 3, dtype=tf.int32)
tf.one_hot([[0, 1]], 3, axis=1)
tf.one_hot([0, 1], 3, axis=0)
tf.one_hot([0, 1], 3, axis=5)
tf.linspace(0.0, 1.0, 5)
tf.linspace(0, 1, 5)
tf.linspace([0.0, 1.0], [1.0, 2.0], 5)
tf.linspace([0.0, 1.0], [1.0, 2.0], 5, axis=-1)
tf.range(5)
tf.range(0, 10, delta=2)
tf.range(start=1, limit=4, dtype=tf.float32)
tf.fill([2, 3], 1.0)
tf.fill(dims=(2,), value=0)
tf.zeros_like($t2x3, dtype=tf.int32)
tf.eye(3, batch_shape=[2])
tf.eye(2, num_columns=4, dtype=tf.int32)
tf.meshgrid($t3, $t4)
tf.meshgrid($t3, $t4, indexing="ij")
tf.roll(input=$t5x3, shift=1, axis=0)
tf.sort(values=$t5x3, direction="DESCENDING")
tf.argsort($t5x3, axis=0)
tf.argmax($t5x3, axis=-1, output_type=tf.int32)
tf.stop_gradient(input=$t3)
tf.saturate_cast(value=$t3, dtype=tf.uint8)
tf.math.top_k($t5x3, k=2)
tf.math.count_nonzero(input=$t5x3, axis=0)
tf.math.reduce_std(input_tensor=$t5x3, axis=0)
tf.nn.softmax(logits=$t5x3, axis=-1)
tf.nn.moments($t5x3, axes=[0], keepdims=True)
tf.math.l2_normalize($t5x3, axis=1)
tf.clip_by_norm(t=$t5x3, clip_norm=1.0)
~tf.math.confusion_matrix([0, 1], [0, 1])
tf.math.confusion_matrix(labels=[0, 1], predictions=[0, 1], num_classes=3, dtype=tf.float32)
~tf.math.segment_sum($t5x3, [0, 0, 1, 1, 2])
tf.math.unsorted_segment_max($t5x3, [0, 0, 1, 1, 2], num_segments=3)
tf.unstack($t2x3, axis=1)
tf.unstack($t2x3, num=2)
tf.unstack($t2x3, num=3)
tf.split(value=$t6x4, num_or_size_splits=[2, 4], axis=0)
tf.split($t6x4, [2, 3], axis=0)
tf.repeat($t2x3, repeats=[1, 2], axis=0)
tf.tile(input=$t2x3, multiples=[2, 1])
tf.pad($t2x3, [[1, 1], [0, 2]], mode="REFLECT")
tf.pad($t2x3, [[1, 1]])
tf.expand_dims(input=$t2x3, axis=-1)
tf.random.uniform((2, 3), maxval=5, dtype=tf.int32)
tf.random.stateless_uniform((2, 3), seed=(1, 2))
tf.random.normal([2, 3], dtype=tf.float64)
tf.random.categorical($t2x5, 3)
tf.random.categorical($t2x5, num_samples=1, dtype=tf.int32)
tf.random.shuffle($t5x3)
tf.random.gamma((2,), alpha=$t3)
tf.random.poisson((2,), lam=[1.0, 2.0])
tf.random.Generator.from_seed(1).normal(shape=(2, 3))
tf.random.Generator.from_seed(1).uniform((2, 3), dtype=tf.float32)
tf.constant([1, 2, 3, 4], shape=(2, 2))
tf.constant(0.0, shape=[2, 3])
tf.constant([[1, 2], [3]])
tf.convert_to_tensor([1.0, 2.0], dtype=tf.float64)
tf.cast($t3 > 0.5, tf.int32)
tf.reshape(tensor=$t2x6, shape=[-1, 3])
tf.transpose(a=$t2x3x4, perm=[2, 0, 1])
tf.reduce_mean($t2x3x4, axis=(1, 2))
tf.reduce_sum(input_tensor=$t2x3, axis=-1, keepdims=True)
tf.squeeze(input=$t1x2x1)
tf.concat(values=[$t2x3, $t2x4], axis=-1)
tf.add_n(inputs=[$t2x3, $t2x3])
tf.where($t5x3 > 0.5, $t5x3, 0.0)
~tf.where($t5x3 > 0.5)
tf.size($t2x3)
tf.rank($t2x3)
tf.shape($t2x3)[-1]
tf.shape($t2x3, out_type=tf.int64)
tf.random_normal_initializer()(shape=(3, 4), dtype="float32")
tf.zeros_initializer()((3, 4))
tf.ones_initializer()((3,), tf.int32)
tf.nn.separable_conv2d($t2x8x8x3, $t3x3x3x2, $t1x1x6x4, [1, 1, 1, 1], "SAME")
tf.nn.atrous_conv2d($t2x8x8x3, $t3x3x3x4, 2, "VALID")
tf.nn.pool($t2x8x8x3, [2, 2], "MAX", strides=[2, 2], padding="SAME")
tf.nn.conv_transpose($t2x4x4x3, $t3x3x2x3, [2, 8, 8, 2], 2)
tf.random.stateless_gamma((2, 3), seed=(1, 2), alpha=1.0)
tf.random.stateless_poisson((2, 3), seed=(1, 2), lam=1.0)
tf.random.stateless_binomial((2, 3), seed=(1, 2), counts=5.0, probs=0.5)
tf.random.stateless_categorical($t2x5, 3, seed=(1, 2))
tf.random.split((1, 2), 4)
tf.math.special.expint($t3)
"""

# Keras's symbolic tensors, of which TensorFlow's and NumPy's functions can take next to none.
SYMBOLIC = """
tf.reshape($kNx6, (-1, 3))
tf.nn.relu($kNx6)
tf.concat([$kNx6, $kNx6], axis=-1)
tf.stack(values=[$kNx6, $kNx6], axis=1)
tf.shape($kNx6)[0]
tf.reduce_mean(input_tensor=$kNx6, axis=1)
tf.matmul($kNx6, $6x4:float32)
tf.cast($kNx6, tf.int32)
tf.expand_dims($kNx6, 1)
tf.image.resize($kNx8x8x3, (4, 4))
tf.math.log($kNx6)
tf.add($6, $kNx6)
tf.linalg.inv($kNx3x3)
tf.signal.stft($kNx100, 20, 10)
tf.one_hot($kN:int32, 5)
tf.random.shuffle($kNx6)
tf.print($kNx6)
tf.is_tensor($kNx6)
np.mean($kNx6)
np.exp($kNx6)
np.concatenate([$kNx6, $kNx6])
np.expand_dims($kNx6, 1)
np.reshape($kNx6, (-1, 3))
np.array($kNx6)
np.shape($kNx6)
len($kNx6)
$kNx6.get_shape()
np.ndim($kNx6)
$6 + $kNx6
$6 * $kNx6
$kNx6 * $6
$kNx6 + $t6
$t6 + $kNx6
$t6 * $kNx6
$kNx6 @ $t6x4
"""

TABLES = {
    "control": CONTROL,
    "variables": VARIABLES,
    "linalg": LINALG,
    "signal": SIGNAL,
    "strings": STRINGS,
    "images": IMAGES,
    "various": VARIOUS,
    "symbolic": SYMBOLIC,
}


def sizes(chooser: random.Random, low: int, high: int, largest: int = 5) -> list[int]:
    """A random shape of ``low`` to ``high`` axes."""
    return [chooser.randint(1, largest) for _ in range(chooser.randint(low, high))]


def written(kind: str, shape: Sequence[int], dtype: str = "") -> str:
    """An input of a case."""
    return f"${kind}{'x'.join(map(str, shape))}{':' + dtype if dtype else ''}"


def any_axis(chooser: random.Random, rank: int) -> int:
    """An axis of an array of this rank, now and then one that is not there."""
    return chooser.randint(-rank - 1, rank) if chooser.random() < 0.15 else chooser.randint(-rank, max(0, rank - 1))


def reshaping(chooser: random.Random) -> str:
    """Changes of shape."""
    shape = sizes(chooser, 1, 4)
    x, rank = written("t", shape), len(shape)
    kind = chooser.randint(0, 7)
    if kind == 0:
        parts = shape[:]
        chooser.shuffle(parts)
        if chooser.random() < 0.5:
            parts[chooser.randrange(rank)] = -1
        elif chooser.random() < 0.3:
            parts.append(2)
        return f"tf.reshape({x}, {parts})"
    if kind == 1:
        return f"tf.expand_dims({x}, {any_axis(chooser, rank + 1)})"
    if kind == 2:
        return f"tf.squeeze({x}{chooser.choice(['', f', axis={any_axis(chooser, rank)}'])})"
    if kind == 3:
        order = list(range(rank if chooser.random() < 0.9 else rank + 1))
        chooser.shuffle(order)
        return f"tf.transpose({x}, {order})"
    if kind == 4:
        return f"tf.tile({x}, {[chooser.randint(1, 3) for _ in range(rank if chooser.random() < 0.9 else rank + 1)]})"
    if kind == 5:
        widths = [[chooser.randint(0, 2), chooser.randint(0, 2)] for _ in range(rank)]
        return f"tf.pad({x}, {widths})"
    if kind == 6:
        return f"tf.repeat({x}, {chooser.randint(1, 3)}, axis={any_axis(chooser, rank)})"
    return f"tf.unstack({x}, axis={any_axis(chooser, rank)})"


def joining(chooser: random.Random) -> str:
    """Concatenation, stacks, splits."""
    shape = sizes(chooser, 1, 3)
    rank, axis = len(shape), any_axis(chooser, len(shape))
    if chooser.random() < 0.4:
        count = chooser.randint(1, 3)
        if chooser.random() < 0.4:
            parts = [chooser.randint(1, 3) for _ in range(count)]
            place = axis if -rank <= axis < rank else 0
            shape[place] = sum(parts) + (chooser.random() < 0.2)
            return f"tf.split({written('t', shape)}, {parts}, axis={axis})"
        return f"tf.split({written('t', shape)}, {count}, axis={axis})"
    other = list(shape)
    if chooser.random() < 0.6:
        other[chooser.randrange(rank)] = chooser.randint(1, 5)
    elif chooser.random() < 0.2:
        other.append(2)
    name = chooser.choice(["concat", "concat", "stack"])
    return f"tf.{name}([{written('t', shape)}, {written('t', other)}], axis={axis})"


def reducing(chooser: random.Random) -> str:
    """Reductions."""
    shape = sizes(chooser, 0, 4)
    names = ["sum", "mean", "max", "min", "prod", "any", "all", "logsumexp"]
    name = chooser.choice(names)
    dtype = "bool" if name in ("any", "all") else chooser.choice(["", "", "int32"]) if name != "logsumexp" else ""
    rank = len(shape)
    axis = chooser.choice(["", f", axis={any_axis(chooser, rank)}", f", axis=[{any_axis(chooser, rank)}]"])
    keep = chooser.choice(["", ", keepdims=True"])
    if name in ("sum", "max") and chooser.random() < 0.3 and rank:
        return f"tf.arg{chooser.choice(['max', 'min'])}({written('t', shape)}, axis={any_axis(chooser, rank)})"
    return f"tf.reduce_{name}({written('t', shape, dtype)}{axis}{keep})"


def products(chooser: random.Random) -> str:
    """Matrix products."""
    batch = sizes(chooser, 0, 2, 3)
    rows, inner, columns = (chooser.randint(1, 5) for _ in range(3))
    left, right = [rows, inner], [inner if chooser.random() < 0.8 else chooser.randint(1, 5), columns]
    turn = chooser.choice(["", "", ", transpose_b=True", ", transpose_a=True"])
    if "b" in turn:
        right.reverse()
    if "a=" in turn:
        left.reverse()
    other = [size if chooser.random() < 0.8 else 1 for size in batch][chooser.randint(0, len(batch)) :]
    if chooser.random() < 0.25:
        letters = "ab"[: len(batch)]
        return (
            f"tf.einsum('{letters}ij,{letters}jk->{letters}ik', "
            f"{written('t', [*batch, rows, inner])}, {written('t', [*batch, right[0], columns])})"
        )
    return f"tf.matmul({written('t', batch + left)}, {written('t', other + right)}{turn})"


def elementwise(chooser: random.Random) -> str:
    """Operators and functions of two operands."""
    shape = sizes(chooser, 0, 4)
    other = [size if chooser.random() < 0.75 else chooser.choice([1, 2]) for size in shape]
    other = other[chooser.randint(0, len(other)) :]
    dtype = chooser.choice(["", "", "", "int32", "float64", "float16"])
    a, b = written("t", shape, dtype), written("t", other, dtype)
    if chooser.random() < 0.3:
        b = "2" if dtype == "int32" else chooser.choice(["2", "2.5"])
    form = chooser.choice(
        ["{0} + {1}", "{0} * {1}", "{0} / {1}", "{0} > {1}", "tf.maximum({0}, {1})", "tf.add({0}, {1})"]
    )
    return form.format(a, b)


def convolving(chooser: random.Random) -> str:
    """Convolutions and pooling."""
    spatial = chooser.choice([1, 2, 2, 2, 3])
    image = [chooser.randint(1, 3), *(chooser.randint(4, 9) for _ in range(spatial)), chooser.randint(1, 3)]
    padding, stride = chooser.choice(["SAME", "VALID"]), chooser.randint(1, 3)
    if chooser.random() < 0.5:
        kind = chooser.choice(["max", "avg"])
        return f"tf.nn.{kind}_pool{spatial}d({written('t', image)}, {chooser.randint(1, 4)}, {stride}, '{padding}')"
    inside = image[-1] if chooser.random() < 0.85 else image[-1] + 1
    filters = [*(chooser.randint(1, 3) for _ in range(spatial)), inside, chooser.randint(1, 4)]
    steps = stride if spatial < 3 else [1, stride, stride, stride, 1]
    return f"tf.nn.conv{spatial}d({written('t', image)}, {written('t', filters)}, {steps}, '{padding}')"


def choosing(chooser: random.Random) -> str:
    """Subscripts, slices, gathering."""
    shape = sizes(chooser, 1, 4)
    x, rank = written("t", shape), len(shape)
    if chooser.random() < 0.5:
        items = []
        for size in shape[: chooser.randint(1, rank)]:
            items.append(
                chooser.choice(
                    [
                        ":", "0", "-1", "1:", ":-1", "::2", "::-1", f"{chooser.randint(0, 3)}:{chooser.randint(1, 6)}",
                        str(chooser.randint(-size, size - 1) if chooser.random() < 0.9 else size), "tf.newaxis",
                    ]
                )
            )  # fmt: skip
        if chooser.random() < 0.3:
            items.insert(chooser.randint(0, len(items)), "...")
        return f"{x}[{', '.join(items)}]"
    if chooser.random() < 0.5:
        return f"tf.gather({x}, {[0] * chooser.randint(1, 4)}, axis={any_axis(chooser, rank)})"
    begin = [chooser.randint(0, size - 1) for size in shape]
    size = [chooser.choice([-1, chooser.randint(0, full)]) for full in shape]
    return f"tf.slice({x}, {begin}, {size})"


FAMILIES: dict[str, Callable[[random.Random], str]] = {
    "reshaping": reshaping,
    "joining": joining,
    "reducing": reducing,
    "products": products,
    "elementwise": elementwise,
    "convolving": convolving,
    "choosing": choosing,
}
