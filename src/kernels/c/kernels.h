// The kernels' C interface. Pointers are to the arena; sizes are in elements; formulas stand in ../kernels.ts.
#pragma once
#include "lanes.h"

enum { FORM_NN, FORM_NT, FORM_TN };

// Bytes of scratch that gemm packs into.
int TANREN_NAME(scratch_bytes)(void);
// c[m,n] = op(a)·op(b) (+ bias, then ReLU)
void TANREN_NAME(gemm)(int form, int m, int n, int k, const T *a, const T *b, const T *bias, int relu, T *c, T *scratch);

void TANREN_NAME(column_sums)(T *out, const T *a, int m, int n);
void TANREN_NAME(relu)(T *y, const T *x, int n);
void TANREN_NAME(relu_backward)(T *dx, const T *dy, const T *y, int n);
void TANREN_NAME(sigmoid)(T *y, const T *x, int n);
void TANREN_NAME(sigmoid_backward)(T *dx, const T *dy, const T *y, int n);
void TANREN_NAME(tanh)(T *y, const T *x, int n);
void TANREN_NAME(tanh_backward)(T *dx, const T *dy, const T *y, int n);
double TANREN_NAME(softmax_cross_entropy)(T *probs, const T *logits, const int32_t *labels, int m, int n);
void TANREN_NAME(softmax_cross_entropy_backward)(T *dx, const T *probs, const int32_t *labels, int m, int n);
void TANREN_NAME(batch_norm)(T *y, T *x_hat, T *mean, T *variance, T *inv_std, const T *x, const T *gamma, const T *beta,
                             double eps, int m, int n);
void TANREN_NAME(batch_norm_evaluate)(T *y, const T *x, const T *mean, const T *variance, const T *gamma, const T *beta,
                                      T *inv_std, double eps, int m, int n);
void TANREN_NAME(batch_norm_backward)(T *dx, T *d_gamma, T *d_beta, const T *dy, const T *x_hat, const T *inv_std,
                                      const T *gamma, int m, int n);
void TANREN_NAME(multiply)(T *y, const T *x, const T *mask, int n);
void TANREN_NAME(scale)(T *y, double alpha, const T *x, int n);
void TANREN_NAME(axpy)(T *y, double alpha, const T *x, int n);
double TANREN_NAME(sum_of_squares)(const T *x, int n);
int TANREN_NAME(all_finite)(const T *x, int n);
void TANREN_NAME(gather_rows)(T *out, const uint8_t *source, const int32_t *indices, int m, int width);
void TANREN_NAME(argmax_rows)(int32_t *out, const T *x, int m, int n);

// Images with channels last, and the window that moves over them.
#define WINDOW_ARGUMENTS int height, int width, int channels, int size, int stride, int padding

void TANREN_NAME(gather_patches)(T *patches, const T *x, int first, int count, WINDOW_ARGUMENTS);
void TANREN_NAME(scatter_patches)(T *dx, const T *patches, int first, int count, WINDOW_ARGUMENTS);

enum { MAX_POOL, MAX_POOL_BACKWARD, AVERAGE_POOL, AVERAGE_POOL_BACKWARD };
void TANREN_NAME(pool)(int kind, T *out, const T *dy, const T *x, int images, WINDOW_ARGUMENTS);
